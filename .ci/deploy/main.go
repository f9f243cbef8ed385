// Deploy reads what is in deploy/ with the code of those who will: Dockerfile with
// BuildKit's parser, Kubernetes' manifests with its own types, strictly, so that a
// misspelt key is a mistake. Nothing is built or run. It is a module of its own, as
// billbot needs none of this.
//
//	go run . ../../deploy
package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

func main() {
	if err := check(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func check(dir string) error {
	failures := []error{checkDockerfile(filepath.Join(dir, "Dockerfile"))}
	manifests, err := filepath.Glob(filepath.Join(dir, "kubernetes", "*.yaml"))
	if err != nil || len(manifests) == 0 {
		failures = append(failures, fmt.Errorf("no manifests in %s: %w", dir, err))
	}
	for _, file := range manifests {
		failures = append(failures, checkManifests(file))
	}
	return errors.Join(failures...)
}

// checkDockerfile parses a Dockerfile, each instruction and each flag of it.
func checkDockerfile(file string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	parsed, err := parser.Parse(bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	stages, _, err := instructions.Parse(parsed.AST, nil)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	if len(parsed.Warnings) > 0 {
		return fmt.Errorf("%s: %v", file, parsed.Warnings)
	}
	fmt.Printf("%s: %d stages\n", file, len(stages))
	return nil
}

// checkManifests decodes every object of a file into its type.
func checkManifests(file string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var failures []error
	for _, document := range bytes.Split(data, []byte("\n---\n")) {
		var kind metav1.TypeMeta
		if err := yaml.Unmarshal(document, &kind); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		into := objectOf(kind)
		if into == nil {
			failures = append(failures, fmt.Errorf("%s: nobody here knows %s %s", file, kind.APIVersion, kind.Kind))
			continue
		}
		if err := yaml.UnmarshalStrict(document, into); err != nil {
			failures = append(failures, fmt.Errorf("%s: %s: %w", file, kind.Kind, err))
			continue
		}
		fmt.Printf("%s: %s %s\n", file, kind.APIVersion, kind.Kind)
	}
	return errors.Join(failures...)
}

// objectOf is an empty object of a kind, nil if it is none that is deployed.
func objectOf(kind metav1.TypeMeta) any {
	switch kind.APIVersion + " " + kind.Kind {
	case "v1 ConfigMap":
		return new(corev1.ConfigMap)
	case "v1 Secret":
		return new(corev1.Secret)
	case "v1 PersistentVolumeClaim":
		return new(corev1.PersistentVolumeClaim)
	case "apps/v1 Deployment":
		return new(appsv1.Deployment)
	}
	return nil
}
