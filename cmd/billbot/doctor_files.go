package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/billbot/billbot/store"
)

// files looks at the database's file, who holds it, and the disk it is on.
func (d *doctor) files() {
	info, err := os.Stat(d.env.dbFile)
	switch file := d.on("database"); {
	case errors.Is(err, fs.ErrNotExist):
		file.warn(`"billbot poll" or "billbot run" makes it`, "there is none yet")
	case err != nil:
		file.fail("see that its folder can be read", "%s", err)
	case info.Mode().Perm()&0o077 != 0:
		file.warn("start billbot once, it takes them away", "%s, and others than its owner have permissions on it (%s)", bytesOf(info.Size()), info.Mode().Perm())
	default:
		file.ok("%s", bytesOf(info.Size()))
	}
	d.holder()
	d.disk(info)
}

// holder looks who has the database.
func (d *doctor) holder() {
	pid, err := store.Holder(d.env.dbFile)
	lock := d.on("lock")
	switch {
	case err != nil:
		lock.warn("see that this user may read the lock file", "%s", err)
	case pid == 0:
		lock.ok("no billbot is running on this database")
	case d.env.shared != nil:
		lock.ok("held by this billbot, process %d, which answers commands", pid)
	case pid < 0:
		lock.warn("try again in a while", "another process holds the database and does not answer")
	default:
		lock.warn("a poll ends by itself; of a daemon see the log, and ask as its user", "process %d holds the database and does not answer commands", pid)
	}
}

// Free space that is little, and so little that billbot may fail at any moment.
const (
	littleFree  = 256 << 20
	hardlyAFree = 16 << 20
)

// disk looks how much is free where the database is.
func (d *doctor) disk(database fs.FileInfo) {
	disk := d.on("disk")
	var at syscall.Statfs_t
	if err := syscall.Statfs(filepath.Dir(d.env.dbFile), &at); err != nil {
		disk.warn("see that the database's folder is there", "free space is not known: %s", err)
		return
	}
	free, little := int64(uint64(at.Bavail)*uint64(at.Bsize)), int64(littleFree)
	if database != nil {
		little = max(little, 2*database.Size()) // an upgrade and a backup copy it
	}
	switch text := bytesOf(free); {
	case free < hardlyAFree:
		disk.fail("free some space: billbot goes on by itself then", "%s free", text)
	case free < little:
		disk.warn("free some space: upgrades and backups copy the database", "%s free", text)
	default:
		disk.ok("%s free", text)
	}
}

// bytesOf is a size for people.
func bytesOf(n int64) ours {
	switch {
	case n >= 1<<30:
		return ours(fmt.Sprintf("%d.%d GiB", n>>30, n>>20&1023*10>>10))
	case n >= 1<<20:
		return ours(fmt.Sprintf("%d.%d MiB", n>>20, n>>10&1023*10>>10))
	}
	return ours(fmt.Sprintf("%d KiB", (n+1023)>>10))
}
