package rules

// The shapes of a rule and its kinds.

func ruleShape() shape {
	glob := "* stands for any text, ? for one character."
	s := mapping(ruleBlock(), map[string]shape{
		"name":      textShape().says("What messages call the rule. No two rules share one.").like("whole-account"),
		"services":  listOf(textShape()).says("Only these services: names as on the bill without \"(first ... included)\", or globs. " + glob).like([]string{"D1 - *"}),
		"exclude":   listOf(textShape()).says("Not these services: taken away from services, or from all.").like([]string{"Workers Paid*"}),
		"families":  listOf(textShape()).says("Only services of these families, as the bill groups them. " + glob).like([]string{"Workers*"}),
		"zones":     listOf(writtenShape()).says("Only these zones, by name or ID. " + glob).like([]string{"*.example.com"}),
		"accounts":  listOf(writtenShape()).says("Only these accounts: names, IDs, globs, or tag:NAME.").like([]string{"production"}, []string{"tag:client-a"}),
		"per":       wordShape(pers()).says("What has a budget and an alert of its own. A budget is per account unless given; total is one sum over all accounts, each currency apart. A spike is per service."),
		"budget":    budgetShape(),
		"spike":     spikeShape(),
		"allowance": allowanceShape(),
		"price":     priceShape(),
		"stale":     staleShape(),
		"severity":  wordShape(severities()).says("How much its alerts matter.").by(Warning),
		"mention":   listOf(slackIDShape("UWS")).says("Whom alerts call: IDs of users (U, W) and user groups (S).").like([]string{"S0123ABCD"}),
		"channel":   channelShape().says("Where its alerts go, instead of the account's channel.").like("#incidents"),
		"action":    actionShape(),
	}, "name")
	s.OneOf = []shape{has("budget"), has("spike"), has("allowance"), has("price"), has("stale")}
	s.AllOf = []shape{
		perOnly("spike", PerService), perOnly("allowance", PerService), perOnly("price", PerService), perOnly("stale", PerAccount),
		without("allowance", "zones"), without("price", "zones"), without("stale", append(accountParts(), "action")...),
	}
	return s
}

// perOnly is what a rule of a kind can be per.
func perOnly(kind string, per Per) shape {
	of := has(kind)
	return shape{If: &of, Then: &shape{Properties: properties{{"per", wordShape([]Per{per})}}}}
}

// without is what a rule of a kind cannot choose by.
func without(kind string, keys ...string) shape {
	of, parts := has(kind), hasAny(keys...)
	return shape{If: &of, Then: &shape{Not: &parts}}
}

func budgetShape() shape {
	s := mapping(budgetBlock(), map[string]shape{
		"amount": limitShape().says("Money not to exceed in a period: an amount in the account's currency, twelve of them (January to December), or what earlier periods came to.").
			like(25, []int{20, 20, 20, 25, 25, 30, 30, 30, 25, 20, 60, 80}),
		"quantity": limitShape().says("Usage not to exceed in a period, in the unit of the bill, within the allowance too. Written as amount is.").like(9000000),
		"currency": currencyShape().says("Refuses to judge an account that is billed in another currency.").like("USD"),
		"period":   wordShape(periodKinds()).says("The billing period, or one of the calendar in UTC days; weeks begin on Monday.").by(ByBillingPeriod),
		"actual":   thresholdsShape().says("Lines of what is spent that are told, in percent of the budget or as amounts.").by([]string{"100%"}).like([]any{"50%", "80%", "100%"}),
		"forecast": thresholdsShape().says("Lines of what the period will cost that are told, before it is spent. None unless given; not for a budget per day.").like([]string{"100%"}),
	})
	s.OneOf = []shape{has("amount"), has("quantity")}
	return s.says("An amount not to exceed in a period. One alert, raised at each line that is passed.")
}

// limitShape is an amount in all the ways it can be written.
func limitShape() shape {
	money, longest := moneyShape(), mostPeriods(ByDay)
	s := mapping(earlierBlock(), map[string]shape{
		"of":      wordShape(earlierKinds()).says("previous_period is the one before, mean the mean of several."),
		"periods": shape{Type: []string{"integer", "string"}, Minimum: 1, Maximum: longest, Pattern: "^[0-9]+$"}.says("How many periods a mean takes in, as many of them as are known: at most 12, of days 60, of quarters 4, of years 2."),
		"times":   numberShape(0, digitsPattern+"x?").says("What they came to is multiplied by this.").by(1).like(1.25),
	}, "of")
	s.Type = []string{"number", "string", "array", "object"}
	s.Above, s.Maximum, s.Pattern = money.Above, money.Maximum, money.Pattern
	s.Items, s.MinItems, s.MaxItems = &money, monthsOfYear, monthsOfYear
	return s
}

func spikeShape() shape {
	above := numberShape(1, `[1-9][0-9]{0,4}(\.[0-9]{1,15})?x?`)
	return mapping(spikeBlock(), map[string]shape{
		"above": above.says("How many times usual a day must be.").by("2x").like("3x"),
		"at_least": mapping(atLeastBlock(), map[string]shape{
			"amount": moneyShape().says("What the rise must be worth, in the account's currency.").by(1),
			"share":  percentShape().says("And what part of the account's usual daily cost. 0% turns it off.").by("2%"),
		}).says("What a rise must be worth to be told; both must hold."),
	}).orEmpty().says("A day on which a service uses far more than usual. The defaults are good: leave it empty.")
}

func allowanceShape() shape {
	used := listOf(percentShape())
	used.MaxItems = maxThresholds
	return mapping(allowanceBlock(), map[string]shape{
		"used": used.says("Lines of what is included that are told, in percent of it, 100% at most.").by([]string{"80%", "100%"}),
		"cost": moneyShape().says("What a service that was free must be going to cost in its period to be told.").like(5),
	}).orEmpty().says("How much is used of what is included of each service, before the first billable unit.")
}

func priceShape() shape {
	return mapping(priceBlock(), map[string]shape{
		"change": percentShape().says("By how much a unit price must change, up or down.").by("10%"),
	}).orEmpty().says("A unit price that changes.")
}

func staleShape() shape {
	return mapping(staleBlock(), map[string]shape{
		"after": durationShape().says("How long without a new charge day, on an account that was used every day. Cloudflare is one to two days late, so 48h at least.").by("72h"),
	}).orEmpty().says("Data that stops coming or cannot be trusted. Every account has such a rule without writing it.")
}
