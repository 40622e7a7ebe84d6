/**
 * Types of file systems, as mountinfo names them, whose calls the kernel answers by itself: from what it makes up, or from memory.
 */
export const kernelFileSystems: ReadonlySet<string> = new Set(
	"tmpfs ramfs rootfs devtmpfs hugetlbfs"
		.concat(" proc sysfs devpts mqueue cgroup cgroup2 cpuset bpf tracefs debugfs configfs securityfs selinuxfs smackfs")
		.concat(" apparmorfs pstore efivarfs binfmt_misc fusectl nsfs rpc_pipefs nfsd resctrl")
		.split(" "),
);

/**
 * These, and those whose calls the kernel answers from a disk of this machine. Every other type (`nfs`, `cifs`, `fuse.*`, `9p`,
 * `virtiofs`, `autofs`, one that is not known yet) has a server or a process behind it, and a call waits for as long as that does
 * not answer.
 */
export const localFileSystems: ReadonlySet<string> = new Set([
	...kernelFileSystems,
	// Disks.
	..."ext2 ext3 ext4 xfs btrfs zfs bcachefs f2fs jfs nilfs2 reiserfs ufs vfat msdos exfat ntfs ntfs3 hfs hfsplus minix".split(
		" ",
	),
	// Images, flash memory, and layers of containers.
	..."squashfs erofs cramfs iso9660 udf ubifs jffs2 zonefs overlay aufs".split(" "),
]);
