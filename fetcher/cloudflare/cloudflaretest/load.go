package cloudflaretest

import (
	"embed"
	"fmt"
	"path"
	"strings"
)

//go:embed recordings/*.csv
var recordings embed.FS

const (
	folder = "recordings"
	ending = ".csv"
)

// Names returns the names of the embedded recordings, in alphabetical order.
func Names() []string {
	entries, err := recordings.ReadDir(folder)
	if err != nil {
		return nil // the folder is part of the program
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ending))
	}
	return names
}

// Load returns the embedded recording of that name. The error names those
// there are.
func Load(name string) (Recording, error) {
	file, err := recordings.Open(path.Join(folder, name+ending))
	if err != nil {
		return Recording{}, fmt.Errorf("no recording %q: there are %s", name, strings.Join(Names(), ", "))
	}
	defer file.Close()
	r, err := ParseRecording(file)
	if err != nil {
		return Recording{}, fmt.Errorf("loading %s: %w", name, err)
	}
	return r, nil
}
