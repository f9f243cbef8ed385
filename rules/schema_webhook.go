package rules

// The shape of a webhook.

func webhookShape() shape {
	s := mapping(webhookBlock(), map[string]shape{
		"name":          shape{Type: "string", Pattern: webhookForm.String()}.says("What the log and billbot outbox call it.").like("automation"),
		"url":           shape{Type: "string", MaxLength: maxText, Pattern: `^https?://[^\s@#]+$`}.says("Where events are sent to, by POST. https, or http to a private network.").like("https://hooks.example.com/billbot"),
		"secret_env":    shape{Type: "string", Pattern: envNameForm.String()}.says("The environment variable that holds the secret that events are signed with, or several, separated by spaces. Never the secret itself.").by(defaultWebhookEnv),
		"secret_file":   textShape().says("The file that holds the secret, or several, instead of secret_env.").like("/run/secrets/webhook"),
		"severity":      wordShape(severities()).says("How much an alert must matter at least.").by(Info),
		"rules":         listOf(textShape()).says("Only alerts of these rules, by name or glob; then no summaries.").like([]string{"whole-account"}),
		"accounts":      listOf(writtenShape()).says("Only these accounts: names, IDs, globs, or tag:NAME.").like([]string{"production"}),
		"allow_private": shape{Type: "boolean"}.says("The URL may lead to a private, loopback or link-local address.").by(false),
	}, "name", "url")
	s.Not = &shape{Required: []string{"secret_env", "secret_file"}}
	return s
}

func actionShape() shape {
	people := listOf(slackIDShape("UW"))
	approve := shape{Type: []string{"array", "string"}, MinItems: 1, Items: people.Items, Pattern: "^" + automatic + "$"}
	return mapping(actionBlock(), map[string]shape{
		"webhook": shape{Type: "string", Pattern: webhookForm.String()}.says("Which of the webhooks is told, by name.").like("automation"),
		"approve": approve.says("Who may say yes or no: IDs of users (U, W), each alone. automatic asks nobody.").like([]string{"U012AB3CD"}),
		"expires": durationShape().says("How long the question waits, 1m to 24h.").by("30m"),
	}, "webhook", "approve").says("What a person can have done by a press: a signed event of type action to a webhook.")
}
