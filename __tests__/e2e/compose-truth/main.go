// Prints what Compose makes of each folder whose path it reads: one line of JSON for each.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"path/filepath"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/sirupsen/logrus"
)

type mount struct {
	Type     string `json:"type"`
	Source   string `json:"source"`
	Target   string `json:"target"`
	ReadOnly bool   `json:"readOnly"`
}

type service struct {
	Image       string             `json:"image"`
	Command     []string           `json:"command"`
	Entrypoint  []string           `json:"entrypoint"`
	Environment map[string]*string `json:"environment"`
	Mounts      []mount            `json:"mounts"`
	DependsOn   map[string]string  `json:"dependsOn"`
	Networks    []string           `json:"networks"`
	Restart     string             `json:"restart"`
	User        string             `json:"user"`
	Privileged  bool               `json:"privileged"`
	Profiles    []string           `json:"profiles"`
}

type answer struct {
	Error    string             `json:"error,omitempty"`
	Services map[string]service `json:"services"`
}

func load(folder string, file string) answer {
	options := []cli.ProjectOptionsFn{
		cli.WithWorkingDirectory(folder),
		cli.WithEnvFiles(),
		cli.WithDotEnv,
		cli.WithProfiles([]string{"*"}),
		cli.WithName("truth"),
		cli.WithConsistency(false),
	}
	paths := []string{filepath.Join(folder, file)}
	if matched, _ := filepath.Match("*compose.y*ml", file); matched && (file[:7] == "compose" || file[:7] == "docker-") {
		paths = nil
		options = append(options, cli.WithDefaultConfigPath)
	}
	project, err := cli.NewProjectOptions(paths, options...)
	if err != nil {
		return answer{Error: err.Error()}
	}
	loaded, err := project.LoadProject(context.Background())
	if err != nil {
		return answer{Error: err.Error()}
	}
	services := map[string]service{}
	for name, one := range loaded.Services {
		known := service{
			Image:       one.Image,
			Command:     one.Command,
			Entrypoint:  one.Entrypoint,
			Environment: one.Environment,
			DependsOn:   map[string]string{},
			Restart:     one.Restart,
			User:        one.User,
			Privileged:  one.Privileged,
			Profiles:    one.Profiles,
		}
		for _, volume := range one.Volumes {
			known.Mounts = append(known.Mounts, mount{volume.Type, volume.Source, volume.Target, volume.ReadOnly})
		}
		for other, dependency := range one.DependsOn {
			known.DependsOn[other] = dependency.Condition
		}
		for network := range one.Networks {
			known.Networks = append(known.Networks, network)
		}
		services[name] = known
	}
	return answer{Services: services}
}

func main() {
	logrus.SetLevel(logrus.PanicLevel)
	output := json.NewEncoder(os.Stdout)
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		path := lines.Text()
		if err := output.Encode(load(filepath.Dir(path), filepath.Base(path))); err != nil {
			panic(err)
		}
	}
}
