// Package vmtest runs tests of this project in virtual machines, on kernels of
// Debian's, as root and with modules of their own. The command is
//
//	go run ./internal/vmtest/... [flags] [PACKAGE...]
//
// A package asks for a virtual machine in one of its test files, by comments:
//
//	//nlkit:vm                             its tests run in one
//	//nlkit:kernels 6.1-cloud 6.12-cloud   on these kernels; these are the ones where nothing is said
//	//nlkit:modules veth ?ovpn kmod/plain  shipped with what they depend on, not loaded
//	//nlkit:memory 1024                    MB, 512 where nothing is said
//	//nlkit:cards virtio-net-pci e1000e    network cards that QEMU emulates
//	//nlkit:files kmod/plain /usr/sbin/ip  files or folders of the tree, and programs of the host
//	//nlkit:commands cmd/nlkit             main packages of the tree, built and put into /usr/local/bin
//	//nlkit:timeout 5m                     of the boot and all tests, 3m where nothing is said
//
// Modules are names, which the kernel's image or its own code has to have unless
// there is a "?" before it, or folders of the tree, which are built. What begins
// with a slash is a file of the host, at the same place in the virtual machine,
// with the libraries it needs; everything else is relative to the root of the
// tree, and lies relative to the test's folder as it does in the tree.
//
// Tests call [Need] first: it skips them where they run otherwise, and gives them
// the kernel to load modules into. Each package has a boot of its own.
//
// The kernels come out of Debian's packages, by apt, with lists of its own, into
// a cache (the folder nlkit/vm of the user's cache folder, or NLKIT_VM_CACHE).
// Nothing is installed. QEMU emulates the processor: nothing else needs rights.
package vmtest
