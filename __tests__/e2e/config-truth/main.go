// Put into the runner's module: reads paths of configurations, one a line, and says of each as JSON what the runner's own
// code makes of it.

package main

import (
	"bufio"
	"encoding/json"
	"io"
	"os"

	"gitea.com/gitea/runner/act/container"
	"gitea.com/gitea/runner/internal/pkg/config"
	"gitea.com/gitea/runner/internal/pkg/labels"
	log "github.com/sirupsen/logrus"
)

const socket = "/var/run/docker.sock"

type label struct {
	Name   string `json:"name"`
	Schema string `json:"schema"`
	Image  string `json:"image"`
	Error  string `json:"error,omitempty"`
}

type answer struct {
	Error        string   `json:"error,omitempty"`
	Labels       []label  `json:"labels"`
	OptionsError string   `json:"optionsError,omitempty"`
	Binds        []string `json:"binds"`
	Gpus         int      `json:"gpus"`
	Privileged   bool     `json:"privileged"`
}

func main() {
	log.SetOutput(io.Discard)
	lines := bufio.NewScanner(os.Stdin)
	output := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		if err := output.Encode(judge(lines.Text())); err != nil {
			panic(err)
		}
	}
}

func judge(path string) answer {
	result := answer{Labels: []label{}, Binds: []string{}}
	cfg, err := config.LoadDefault(path)
	if err != nil {
		result.Error = err.Error()
		return result
	}
	for _, text := range cfg.Runner.Labels {
		parsed, err := labels.Parse(text)
		if err != nil {
			result.Labels = append(result.Labels, label{Name: text, Error: err.Error()})
		} else {
			result.Labels = append(result.Labels, label{Name: parsed.Name, Schema: parsed.Schema, Image: parsed.Arg})
		}
	}
	// The runner's own mount, and what it allows by itself, as GetBindsAndMounts has them.
	binds, valid := []string{}, append([]string{}, cfg.Container.ValidVolumes...)
	if cfg.Container.DockerHost != "-" {
		binds, valid = append(binds, socket+":"+socket), append(valid, socket)
	}
	host, err := container.MergeOptions(cfg.Container.Options, cfg.Container.Privileged, binds, append(valid, "act-toolcache"))
	if err != nil {
		result.OptionsError = err.Error()
		return result
	}
	result.Binds = host.Binds
	for _, mount := range host.Mounts {
		result.Binds = append(result.Binds, mount.Source+":"+mount.Target)
	}
	result.Gpus = len(host.DeviceRequests)
	result.Privileged = host.Privileged
	return result
}
