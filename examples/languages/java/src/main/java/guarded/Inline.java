package guarded;

import com.pulumi.automation.DestroyOptions;
import com.pulumi.automation.LocalWorkspace;
import com.pulumi.automation.LocalWorkspaceOptions;
import com.pulumi.automation.UpOptions;
import com.pulumi.automation.WorkspaceStack;
import java.nio.file.Path;

/**
 * The same without Pulumi's language host for Java: {@code mvn -q compile exec:java -Dexec.mainClass=guarded.Inline
 * -Dexec.args="up|destroy STACK"}.
 *
 * <p>An engine that was built from source has no language hosts. Pulumi's Automation API brings the program to it instead.
 */
public final class Inline {
    public static void main(String[] args) throws Exception {
        var operation = args[0];
        var stackName = args[1];
        var options = LocalWorkspaceOptions.builder()
            .workDir(Path.of("."))
            .program(App::environment)
            .build();
        try (var workspace = LocalWorkspace.create(options);
                var stack = WorkspaceStack.select(stackName, workspace)) {
            switch (operation) {
                case "up":
                    stack.up(UpOptions.builder().onStandardOutput(System.out::println).build());
                    break;
                case "destroy":
                    stack.destroy(DestroyOptions.builder().onStandardOutput(System.out::println).build());
                    break;
                default:
                    throw new IllegalArgumentException(operation + " is unknown. Write up or destroy");
            }
        }
    }
}
