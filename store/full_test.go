package store

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/billbot/billbot/fetcher"
	"github.com/google/go-cmp/cmp"
)

// TestFullDisk fills a disk, which is a file size limit of a process of its own:
// a write that has no room fails, what was written stays, and writing goes on
// once there is room.
func TestFullDisk(t *testing.T) {
	if os.Getenv("BILLBOT_TEST_FULL") == "" {
		child := exec.Command(os.Args[0], "-test.run=^TestFullDisk$")
		child.Env = append(os.Environ(), "BILLBOT_TEST_FULL=1")
		if out, err := child.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		t.Attr("score", "11 full=1")
		return
	}
	signal.Ignore(syscall.SIGXFSZ)
	path := testPath(t)
	s := openTest(t, path)
	mustCommit(t, s, fullCommit(prod))
	want, err := everything(t, s)
	mustDo(t, err)
	info, err := os.Stat(path)
	mustDo(t, err)
	refused := untilFull(t, s, info.Size())
	got, err := everything(t, s)
	if diff := cmp.Diff(want["load"], got["load"], inside); err != nil || diff != "" {
		t.Errorf("while it is full: error %v (-want +got):\n%s", err, diff)
	}
	limit(t, 8192)
	if _, err := s.Backup(t.Context(), path+".backup", false); !isFull(err) {
		t.Errorf("a backup: got error %v, want that the disk is full", err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*backup*")); len(left) > 0 {
		t.Errorf("half a backup is left: %v", left)
	}
	limit(t, 1<<40)
	mustCommit(t, s, refused)
	mustClose(t, s)
	s = openTest(t, path)
	found, err := s.Check(t.Context())
	if err != nil || len(found.Problems) > 0 {
		t.Errorf("afterwards: error %v, problems %v", err, found.Problems)
	}
	mustLoad(t, s, refused.Account, 0)
}

// untilFull commits until there is no room within size, and returns what was
// refused.
func untilFull(t *testing.T, s *Store, size int64) Commit {
	t.Helper()
	limit(t, uint64(size))
	for i := range 2000 {
		c := fullCommit(fetcher.Account{ID: "account-" + strings.Repeat("x", i%200), Name: "x"})
		c.Account.ID += string(rune('a' + i/200))
		switch err := s.Commit(t.Context(), c); {
		case isFull(err):
			return c
		case err != nil:
			t.Fatalf("commit %d: %v", i, err)
		}
	}
	t.Fatal("it was never full")
	return Commit{}
}

// isFull reports whether there was no room. bbolt does not wrap every error.
func isFull(err error) bool {
	if err != nil && strings.Contains(err.Error(), syscall.EFBIG.Error()) {
		return true
	}
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EFBIG)
}

// limit sets how large a file of this process may get.
func limit(t *testing.T, size uint64) {
	t.Helper()
	now := syscall.Rlimit{Cur: size, Max: 1 << 40}
	mustDo(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &now))
}

// TestFullTmpfs is TestFullDisk on a real one, where mounting it is allowed.
func TestFullTmpfs(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("none", dir, "tmpfs", 0, "size=512k"); err != nil {
		t.Skipf("mounting needs privileges: %v", err)
	}
	defer syscall.Unmount(dir, syscall.MNT_DETACH)
	path := filepath.Join(dir, "billbot.db")
	s := openTest(t, path)
	mustCommit(t, s, fullCommit(prod))
	ballast := filepath.Join(dir, "ballast")
	_ = os.WriteFile(ballast, make([]byte, 1<<20), 0o600) // as much as there is room for
	var refused Commit
	for i := 0; ; i++ {
		refused = fullCommit(fetcher.Account{ID: strings.Repeat("x", 1+i%250), Name: "x"})
		err := s.Commit(t.Context(), refused)
		if errors.Is(err, syscall.ENOSPC) {
			break
		}
		if err != nil || i == 200 {
			t.Fatalf("commit %d: error %v, want ENOSPC at last", i, err)
		}
	}
	mustDo(t, os.Remove(ballast))
	mustCommit(t, s, refused)
	found, err := s.Check(t.Context())
	if err != nil || len(found.Problems) > 0 {
		t.Errorf("afterwards: error %v, problems %v", err, found.Problems)
	}
	mustClose(t, s)
	mustDo(t, syscall.Mount("none", dir, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, "size=512k"))
	if _, err := Open(path, Options{}); !errors.Is(err, syscall.EROFS) {
		t.Errorf("a read-only disk: got error %v, want EROFS", err)
	}
	if allOf(t, path); t.Failed() {
		t.Error("a read-only disk cannot be read")
	}
}

func TestReadOnlyFolder(t *testing.T) {
	path := fullFile(t)
	dir := filepath.Dir(path)
	mustDo(t, os.Remove(path+lockEnding), os.Chmod(filepath.Dir(dir), 0o755), os.Chmod(dir, 0o500))
	t.Cleanup(func() { _ = os.Chmod(dir, 0o700) })
	asNobody(t, []string{dir, path}, func() {
		if _, err := Open(path, Options{}); !errors.Is(err, fs.ErrPermission) {
			t.Errorf("got error %v, want that it is not permitted", err)
		}
		s, err := Open(path, Options{ReadOnly: true})
		if err != nil {
			t.Errorf("it cannot be read: %v", err)
			return
		}
		_, err = everything(t, s)
		if err := errors.Join(err, s.Close()); err != nil {
			t.Errorf("it cannot be read: %v", err)
		}
	})
	t.Attr("score", "11 readonly=1")
}

// asNobody does something as a user who may not do everything: as who we are
// or, of root, as the owner of files that root gives away. The thread that was
// another user's ends with its goroutine.
func asNobody(t *testing.T, files []string, do func()) {
	t.Helper()
	const nobody = 65534
	if os.Getuid() != 0 {
		do()
		return
	}
	for _, file := range files {
		mustDo(t, os.Chown(file, nobody, nobody))
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread()
		if _, _, errno := syscall.RawSyscall(syscall.SYS_SETFSUID, nobody, 0, 0); errno != 0 {
			t.Errorf("becoming nobody: %v", errno)
			return
		}
		do()
	}()
	<-done
}
