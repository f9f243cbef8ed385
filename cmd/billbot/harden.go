package main

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"syscall"

	"github.com/billbot/billbot/fetcher/cloudflare"
)

// undumped keeps secrets out of core files: there are none.
func undumped() { _ = syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{}) }

// harden makes what the daemon writes readable by its user only, and says what
// of its surroundings others could use against it.
func (e env) harden() {
	syscall.Umask(0o077)
	dir := filepath.Dir(e.dbFile)
	if info, err := os.Stat(dir); err == nil && info.Mode().Perm()&0o022 != 0 && info.Mode()&os.ModeSticky == 0 {
		e.log.Warn("others can write the database's folder, and so replace the database: make it 0700", "folder", e.show(dir))
	}
	if proxy := proxyFor(cloudflare.DefaultBaseURL); proxy != "" {
		e.log.Info("requests go through the proxy that the environment names", "proxy", proxy)
	}
}

// proxyFor is the host of the proxy that an address is asked through, "" where
// there is none. Its user and password are nobody's concern.
func proxyFor(address string) string {
	asked, err := url.Parse(address)
	if err != nil {
		return ""
	}
	proxy, err := http.ProxyFromEnvironment(&http.Request{URL: asked})
	if err != nil || proxy == nil {
		return ""
	}
	return proxy.Host
}
