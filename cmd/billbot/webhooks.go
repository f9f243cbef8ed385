package main

import (
	"context"
	"fmt"

	"github.com/billbot/billbot/fetcher/secret"
	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/notifier/outbound"
	"github.com/billbot/billbot/notifier/webhook"
	"github.com/billbot/billbot/rules"
)

// newHooks makes the channel of each webhook, by its name. Where messages are
// printed, events are: nobody outside hears of a trial.
func (e env) newHooks(r *rules.Rules, channel notifier.Channel) (map[string]notifier.Channel, error) {
	made := map[string]notifier.Channel{}
	for _, w := range r.Webhooks {
		if paper, prints := channel.(*printer); prints {
			made[w.Name] = paper
			continue
		}
		client, err := e.newHook(w)
		if err != nil {
			return nil, usageError{fmt.Errorf("webhook %s: %w", w.Name, err)}
		}
		made[w.Name] = client
	}
	return made, nil
}

func (e env) newHook(w rules.Webhook) (*webhook.Client, error) {
	secrets, err := e.hookSecret(w)
	if err != nil {
		return nil, err
	}
	allow, err := outbound.ParseAllow(e.getenv("OUTBOUND_ALLOW"))
	if err != nil {
		return nil, fmt.Errorf("OUTBOUND_ALLOW: %w", err)
	}
	if w.AllowPrivate {
		allow = append(allow, outbound.Private()...)
	}
	return webhook.New(webhook.Config{URL: w.URL, Secrets: secrets, Allow: allow, Transport: e.transport})
}

// hookSecret is what a webhook's events are signed with.
func (e env) hookSecret(w rules.Webhook) (secret.Value, error) {
	if w.SecretFile != "" {
		return e.secretFile(w.SecretFile)
	}
	value, err := e.secret(w.SecretEnv)
	if err == nil && value.IsZero() {
		err = fmt.Errorf("no secret: set %s or %s_FILE", w.SecretEnv, w.SecretEnv)
	}
	return value, err
}

// hook is the channel of a webhook as the rules name it now, nil where they name
// none. Its attempts are counted, and end once over does.
func (eng *engine) hook(name string, over context.Context) notifier.Channel {
	channel, known := eng.newest().hooks[name]
	if !known {
		return nil
	}
	return acting{countingChannel{mortal{channel, over}, eng.metrics}, eng}
}
