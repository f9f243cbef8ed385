package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/billbot/billbot/notifier/slack/slackfake"
	"github.com/billbot/billbot/rules"
)

// What is in deploy/ is held against the binary: its commands and flags, the
// settings it asks for, the port it listens on, the paths it is given, its probes.

// deployed is a file of deploy/.
func deployed(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "deploy", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// found is what a pattern's group matches, once at least.
func found(t *testing.T, text, pattern string) (all []string) {
	t.Helper()
	for _, match := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
		all = append(all, match[1])
	}
	if len(all) == 0 {
		t.Fatalf("nothing is like %s", pattern)
	}
	return all
}

// wantCommand wants arguments that billbot takes, and returns their command.
func wantCommand(t *testing.T, where string, args []string) (command, env) {
	t.Helper()
	var errs strings.Builder
	e := env{stdout: &errs, stderr: &errs, dir: "/"}
	c, _ := parse(args, &e)
	if c == nil {
		t.Fatalf("%s: billbot %s: %s", where, strings.Join(args, " "), &errs)
	}
	return c, e
}

// settings is every name that billbot asks of the environment to run.
func settings(t *testing.T) map[string]bool {
	t.Helper()
	w := newWorld(t, loopRules, twoMonths())
	asked := map[string]bool{}
	known := w.env.getenv
	w.env.getenv = func(name string) string {
		asked[name] = true
		if name == "SLACK_APP_TOKEN" {
			return slackfake.AppToken
		}
		return known(name)
	}
	eng := w.open(t)
	defer eng.store.Close()
	if _, err := w.env.newFront(eng); err != nil {
		t.Fatal(err)
	}
	return asked
}

func wantSettings(t *testing.T, where string, names []string) {
	t.Helper()
	asked := settings(t)
	for _, name := range names {
		if !asked[strings.TrimSuffix(name, "_FILE")] {
			t.Errorf("%s: billbot asks for no %s", where, name)
		}
	}
}

// runs is how a file has billbot run.
type runs struct{ rules, db, listen string }

func runsOf(t *testing.T, where string, args []string) runs {
	t.Helper()
	c, e := wantCommand(t, where, args)
	run, is := c.(*runCmd)
	if !is {
		t.Fatalf("%s: %q does not run billbot", where, args)
	}
	return runs{e.rulesFile, e.dbFile, run.Listen}
}

const deployedRules, deployedPort = "/etc/billbot/rules.yaml", "9321"

// image is how the Dockerfile has billbot run.
func image(t *testing.T) runs {
	t.Helper()
	var args []string
	if err := json.Unmarshal([]byte(found(t, deployed(t, "Dockerfile"), `(?m)^CMD (\[.*\])$`)[0]), &args); err != nil {
		t.Fatal(err)
	}
	return runsOf(t, "Dockerfile", args)
}

func TestDockerfile(t *testing.T) {
	file, r := deployed(t, "Dockerfile"), image(t)
	if r.rules != deployedRules || r.listen != ":"+deployedPort || path.Dir(r.db) != found(t, file, `(?m)^VOLUME (\S+)$`)[0] {
		t.Errorf("it runs with %+v", r)
	}
	var health []string
	if err := json.Unmarshal([]byte(found(t, file, `(?m)^HEALTHCHECK .*CMD (\[.*\])$`)[0]), &health); err != nil {
		t.Fatal(err)
	}
	c, e := wantCommand(t, "HEALTHCHECK", health[1:])
	if asks, is := c.(*healthCmd); !is || !asks.Live || e.dbFile != r.db {
		t.Errorf("HEALTHCHECK %q", health)
	}
	binary := found(t, file, `(?m)^COPY --from=build \S+/billbot (\S+)$`)[0]
	if entry := found(t, file, `(?m)^ENTRYPOINT \["(\S+)"\]$`)[0]; health[0] != binary || entry != binary {
		t.Errorf("the binary is %s, run are %s and %s", binary, entry, health[0])
	}
	if port := found(t, file, `(?m)^EXPOSE (\d+)$`)[0]; port != deployedPort {
		t.Errorf("port %s", port)
	}
	if user := found(t, file, `(?m)^USER (\d+):\d+$`)[0]; user == "0" || !strings.Contains(file, "--chown="+user+":") {
		t.Errorf("user %s", user)
	}
	if last := file[strings.LastIndex(file, "\nFROM "):]; !strings.HasPrefix(last, "\nFROM scratch\n") || strings.Contains(last, "\nRUN ") {
		t.Error("the last stage is not the binary alone")
	}
	mod, err := os.ReadFile(filepath.Join("..", "..", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	if builds, needs := found(t, file, `golang:([\d.]+)`)[0], found(t, string(mod), `(?m)^go (\S+)$`)[0]; builds != needs {
		t.Errorf("it builds with Go %s, go.mod says %s", builds, needs)
	}
}

func TestCompose(t *testing.T) {
	var file struct {
		Services map[string]struct {
			Build       struct{ Context, Dockerfile string }
			ReadOnly    bool     `yaml:"read_only"`
			CapDrop     []string `yaml:"cap_drop"`
			Environment map[string]string
			Secrets     []string
			Volumes     []string
			Ports       []string
			Other       map[string]any `yaml:",inline"`
		}
		Volumes map[string]any
		Secrets map[string]struct{ File string }
	}
	if err := yaml.Load([]byte(deployed(t, "compose.yaml")), &file, yaml.WithKnownFields()); err != nil {
		t.Fatal(err)
	}
	s, r := file.Services["billbot"], image(t)
	names := []string{}
	for name, value := range s.Environment {
		names = append(names, name)
		secret := strings.TrimPrefix(value, "/run/secrets/")
		if !slices.Contains(s.Secrets, secret) || file.Secrets[secret].File == "" {
			t.Errorf("%s: there is no secret %s", name, value)
		}
	}
	wantSettings(t, "compose.yaml", names)
	if want := []string{"data:" + path.Dir(r.db), "../rules.yaml:" + r.rules + ":ro"}; !slices.Equal(s.Volumes, want) {
		t.Errorf("volumes %q, want %q", s.Volumes, want)
	}
	if _, kept := file.Volumes["data"]; !kept || !s.ReadOnly || !slices.Equal(s.CapDrop, []string{"ALL"}) || !slices.Equal(s.Ports, []string{"127.0.0.1:9321:9321"}) {
		t.Errorf("got %+v", s)
	}
	if _, err := os.Stat(filepath.Join("..", "..", "deploy", s.Build.Context, s.Build.Dockerfile)); err != nil {
		t.Error(err)
	}
}

func TestSystemdUnit(t *testing.T) {
	unit := deployed(t, "systemd/billbot.service")
	exec := strings.Fields(found(t, unit, `(?m)^ExecStart=(.*)$`)[0])
	r := runsOf(t, "billbot.service", exec[1:])
	if state := "/var/lib/" + found(t, unit, `(?m)^StateDirectory=(\S+)$`)[0]; r.rules != deployedRules || r.listen != "127.0.0.1:"+deployedPort || path.Dir(r.db) != state {
		t.Errorf("it runs with %+v", r)
	}
	credentials := found(t, unit, `(?m)^LoadCredential=([^:]+):/`)
	wantSettings(t, "billbot.service", found(t, unit, `(?m)^Environment=([A-Z_]+)=`))
	for _, used := range found(t, unit, `(?m)^Environment=[A-Z_]+=%d/(\S+)$`) {
		if !slices.Contains(credentials, used) {
			t.Errorf("no credential %s", used)
		}
	}
}

// object is the part of Kubernetes' objects that is held against the binary.
type object struct {
	Kind     string
	Metadata struct{ Name string }
	Data     map[string]string
	Secret   map[string]string `yaml:"stringData"`
	Spec     struct {
		Replicas int
		Strategy struct{ Type string }
		Template struct {
			Metadata struct{ Annotations map[string]string }
			Spec     struct {
				Containers []container
				Volumes    []struct {
					Name   string
					Secret struct {
						Name string `yaml:"secretName"`
					}
					ConfigMap struct{ Name string } `yaml:"configMap"`
				}
			}
		}
	}
}

type container struct {
	Args []string
	Env  []struct{ Name, Value string }
	Port []struct {
		Name string
		Port int `yaml:"containerPort"`
	} `yaml:"ports"`
	Live   probe `yaml:"livenessProbe"`
	Ready  probe `yaml:"readinessProbe"`
	Safety struct {
		ReadOnly bool `yaml:"readOnlyRootFilesystem"`
	} `yaml:"securityContext"`
	Mounts []struct {
		Name string
		Path string `yaml:"mountPath"`
	} `yaml:"volumeMounts"`
}

type probe struct {
	Get struct{ Path, Port string } `yaml:"httpGet"`
}

// manifests is what is applied, by kind.
func manifests(t *testing.T) map[string]object {
	t.Helper()
	byKind := map[string]object{}
	for _, file := range []string{"kubernetes/billbot.yaml", "kubernetes/secret.example.yaml"} {
		for document := range strings.SplitSeq(deployed(t, file), "\n---\n") {
			var m object
			if err := yaml.Load([]byte(document), &m); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			byKind[m.Kind] = m
		}
	}
	return byKind
}

func TestKubernetes(t *testing.T) {
	all := manifests(t)
	if r, err := rules.Load("rules.yaml", []byte(all["ConfigMap"].Data[path.Base(deployedRules)])); err != nil || len(r.Warnings) > 0 {
		t.Errorf("the rules: %v, %v", r, err)
	}
	spec := all["Deployment"].Spec
	c := spec.Template.Spec.Containers[0]
	if spec.Replicas != 1 || spec.Strategy.Type != "Recreate" || !c.Safety.ReadOnly || c.Port[0].Name != "http" {
		t.Errorf("got %+v", spec)
	}
	r, mounted := runsOf(t, "billbot.yaml", c.Args), map[string]string{}
	for _, m := range c.Mounts {
		mounted[m.Name] = m.Path
	}
	if r != image(t) || mounted["data"] != path.Dir(r.db) || mounted["rules"] != path.Dir(r.rules) {
		t.Errorf("it runs with %+v, mounted are %v", r, mounted)
	}
	var names []string
	for _, e := range c.Env {
		names = append(names, e.Name)
		if _, has := all["Secret"].Secret[path.Base(e.Value)]; !has || path.Dir(e.Value) != mounted["secrets"] {
			t.Errorf("%s: the secret has no %s", e.Name, e.Value)
		}
	}
	wantSettings(t, "billbot.yaml", names)
	for _, v := range spec.Template.Spec.Volumes {
		if name := v.Secret.Name + v.ConfigMap.Name; name != "" && name != all["Secret"].Metadata.Name {
			t.Errorf("volume %s is of %s", v.Name, name)
		}
	}
	wantProbes(t, c, spec.Template.Metadata.Annotations)
}

// wantProbes asks a billbot what the probes would.
func wantProbes(t *testing.T, c container, annotations map[string]string) {
	t.Helper()
	w := newWorld(t, loopRules, twoMonths())
	eng := w.open(t)
	defer eng.store.Close()
	for _, path := range []string{c.Live.Get.Path, c.Ready.Get.Path, annotations["prometheus.io/path"]} {
		answer := httptest.NewRecorder()
		w.env.handler(eng, front{}).ServeHTTP(answer, httptest.NewRequest(http.MethodGet, path, nil))
		if answer.Code != http.StatusOK {
			t.Errorf("%q: got %d", path, answer.Code)
		}
	}
	if c.Live.Get.Path != "/livez" || c.Ready.Get.Path != "/readyz" || c.Live.Get.Port != c.Port[0].Name || annotations["prometheus.io/port"] != deployedPort || c.Port[0].Port != 9321 {
		t.Errorf("probes %+v and %+v on %+v, scraped as %v", c.Live, c.Ready, c.Port, annotations)
	}
}
