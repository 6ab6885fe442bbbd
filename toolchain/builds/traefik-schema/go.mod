module sallyport/toolchain/builds/traefik-schema

go 1.22
