/** The authority in AWS's own example of `DescribeCluster` (botocore, `data/eks/2017-11-01/examples-1.json`), cut short. */
export const certificateAuthority = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t";

/** `DescribeCluster`'s answer after that example, for a cluster of another name and tags. */
export function clusterNamed(name: string, tags: Readonly<Record<string, string>>) {
    return {
        cluster: {
            version: "1.10",
            name,
            arn: `arn:aws:eks:us-west-2:012345678910:cluster/${name}`,
            certificateAuthority: { data: certificateAuthority },
            createdAt: 1_527_807_879.988,
            endpoint: "https://A0DCCD80A04F01705DD065655C30CC3D.yl4.us-west-2.eks.amazonaws.com",
            resourcesVpcConfig: {
                securityGroupIds: ["sg-6979fe18"],
                subnetIds: ["subnet-6782e71e", "subnet-e7e761ac"],
                vpcId: "vpc-950809ec",
            },
            roleArn: "arn:aws:iam::012345678910:role/eks-service-role-AWSServiceRoleForAmazonEKS-J7ONKE3BQ4PI",
            status: "ACTIVE",
            tags,
        },
    };
}
