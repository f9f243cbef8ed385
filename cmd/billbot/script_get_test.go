package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// scriptGet asks the daemon that logs to a file for a path, and writes what it
// answers, below its status: get daemon.log /metrics FILE. With a text it asks
// until the answer holds it.
func scriptGet(ts *testscript.TestScript, _ bool, args []string) {
	address := listening.FindStringSubmatch(ts.ReadFile(args[0]))
	text := strings.Join(args[3:], " ")
	for deadline := time.Now().Add(20 * time.Second); ; <-time.After(20 * time.Millisecond) {
		answer, err := http.Get("http://" + address[1] + args[1])
		ts.Check(err)
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		ts.Check(err)
		ts.Check(os.WriteFile(ts.MkAbs(args[2]), fmt.Appendf(nil, "%d\n%s", answer.StatusCode, body), 0o600))
		if strings.Contains(string(body), text) {
			return
		}
		if time.Now().After(deadline) {
			ts.Fatalf("%s never held %q", args[1], text)
		}
	}
}
