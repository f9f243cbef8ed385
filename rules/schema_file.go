package rules

// The shapes of the blocks around the rules, key by key as the reader knows
// them.

func fileShape() shape {
	rules := listOf(ruleShape()).says("What to alert on. A rule has a name and one kind: budget, spike, allowance, price or stale.")
	rules.Type, rules.MinItems = []string{"array", "null"}, 0
	return mapping(fileBlock(), map[string]shape{
		"timezone":  textShape().says("When summaries go out is in this zone. Billing days are UTC days whatever stands here.").by("UTC").like("Europe/Berlin"),
		"accounts":  listOf(accountShape()).says("The accounts to watch. A file that is only checked, tested or backtested needs none."),
		"poll":      durationShape().says("How often to ask Cloudflare. Under 5m is of no use: its figures do not change that often.").by("1h"),
		"slack":     slackShape(),
		"summaries": listOf(summaryShape()).says("Regular reports. None unless there is one here."),
		"webhooks":  listOf(webhookShape()).says("Other machines that are told of alerts and summaries, by signed events."),
		"retention": retentionShape(),
		"rules":     rules,
	}).says("What billbot watches, and when it speaks. Secrets are never in this file.")
}

func accountShape() shape {
	id := shape{Type: []string{"string", "number"}, MaxLength: maxID}
	s := mapping(accountBlock(), map[string]shape{
		"name":       textShape().says("What messages and rules call the account. Any name that does not begin with tag:.").like("production"),
		"id":         id.says("The account's ID: 32 hex digits, as in the dashboard's address. Of one that is read from files, the rows' BillingAccountId.").like("023e105f4ecef8ad9ca31a8372d0c353"),
		"token_env":  shape{Type: "string", Pattern: envNameForm.String()}.says("The environment variable that holds the account's token. Never the token itself.").by(defaultTokenEnv),
		"focus":      textShape().says("Instead of a token: a FOCUS file, or a folder of them, as other clouds export them.").like("/var/lib/exports/aws"),
		"token_file": textShape().says("The file that holds the account's token, instead of token_env.").like("/run/secrets/cloudflare"),
		"channel":    channelShape().says("The account's channel, instead of slack.channel.").like("#prod-spend"),
		"tags":       listOf(textShape()).says("Rules choose accounts by tags: tag:NAME.").like([]string{"client-a"}),
	}, "name", "id")
	s.Not = &shape{AnyOf: []shape{has("token_env", "token_file"), has("focus", "token_env"), has("focus", "token_file")}}
	asked := shape{Properties: properties{{"id", shape{Pattern: idForm.String()}}}}
	s.AnyOf = []shape{has("focus"), asked}
	return s
}

func slackShape() shape {
	return mapping(slackBlock(), map[string]shape{
		"channel": channelShape().says("Where everything goes that names no channel of its own: a quoted name, or an ID.").like("#cloud-spend", "C0123456"),
		"access": mapping(accessBlock(), map[string]shape{
			"read":   listOf(slackIDShape("UWSCG")).says("Who may ask for figures: IDs of users (U, W), user groups (S) and channels (C, G). Everyone who can see the bot unless given."),
			"change": listOf(slackIDShape("UWSCG")).says("Who may act on alerts: IDs of users (U, W), user groups (S) and channels (C, G). Everyone in the alert's channel unless given."),
		}).says("Who may do what, by Slack's IDs."),
	}).says("Where messages go, and who may ask.")
}

func summaryShape() shape {
	return mapping(summaryBlock(), map[string]shape{
		"every": wordShape(rhythms()).says("How often it goes out.").by(EveryDay),
		"at":    shape{Type: "string", Pattern: clockPattern}.says("When, in timezone. Quote it.").by("09:00"),
		"quiet": wordShape(quiets()).says("A day with nothing to say is one line (short), or no message (skip).").by(QuietShort),
	})
}

func retentionShape() shape {
	return mapping(retentionBlock(), map[string]shape{
		"charges":   keepShape().says("What was charged: whole billing periods after they ended, 400d at least.").by("forever"),
		"snapshots": keepShape().says("What was believed at a past moment, for history --as-of; 30d at least.").by("400d"),
		"revisions": keepShape().says("What Cloudflare restated, by charge day; 30d at least.").by("400d"),
	}).says("How long what was learnt is kept, in whole days or forever, counted back from the newest day on the bill.")
}
