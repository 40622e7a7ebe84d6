// Put into the runner's package act/container: makes its merging of options callable from outside.

package container

import (
	"context"

	"github.com/moby/moby/api/types/container"
)

// MergeOptions gives what becomes of container.options: the binds and mounts of a job container, or why there is none.
func MergeOptions(options string, privileged bool, binds, valid []string) (*container.HostConfig, error) {
	reference := &containerReference{input: &NewContainerInput{
		Options:      options,
		Privileged:   privileged,
		ValidVolumes: valid,
		NetworkMode:  "job-network",
	}}
	host := &container.HostConfig{Privileged: privileged, Binds: binds, NetworkMode: "job-network"}
	config, host, err := reference.mergeContainerConfigs(context.Background(), &container.Config{}, host)
	if err != nil {
		return nil, err
	}
	_, host = reference.sanitizeConfig(context.Background(), config, host)
	return host, nil
}
