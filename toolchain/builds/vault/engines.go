package main

import (
	"slices"

	"github.com/hashicorp/vault/sdk/helper/consts"
)

// engines are the secrets engines that come with this server, by name: the core asks which there are before it mounts one.
type engines []string

func (known engines) Contains(name string, kind consts.PluginType) bool {
	return kind == consts.PluginTypeSecrets && slices.Contains(known, name)
}

// Get finds no plugin to start: the engines are in this process, where the core has their factories.
func (known engines) Get(name string, kind consts.PluginType) (func() (any, error), bool) {
	return func() (any, error) { return nil, nil }, known.Contains(name, kind)
}

func (known engines) Keys(kind consts.PluginType) []string {
	if kind != consts.PluginTypeSecrets {
		return nil
	}
	return known
}

func (known engines) DeprecationStatus(name string, kind consts.PluginType) (consts.DeprecationStatus, bool) {
	return consts.Supported, known.Contains(name, kind)
}

func (known engines) IsBuiltinEntPlugin(string, consts.PluginType) bool { return false }
