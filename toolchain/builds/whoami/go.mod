module sallyport/toolchain/builds/whoami

go 1.22
