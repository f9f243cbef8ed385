package metrics

import "github.com/prometheus/client_golang/prometheus"

// gauges is what is told as it is at a moment.
type gauges struct {
	all []*prometheus.Desc

	// By account, service and currency.
	spend, forecast, daySpend, usualSpend *prometheus.Desc
	low, high                             *prometheus.Desc // by account and currency

	// By account, rule, service, zone and period; and by currency or unit.
	budgetSpend, budgetLimit, budgetForecast *prometheus.Desc
	quantityUsed, quantityLimit              *prometheus.Desc

	through, trusted, polled *prometheus.Desc // by account

	waiting, oldest             *prometheus.Desc
	panics                      *prometheus.Desc // by job
	connected                   *prometheus.Desc
	turned, readable, databased *prometheus.Desc
}

func newGauges() gauges {
	var g gauges
	make := func(name, help string, labels ...string) *prometheus.Desc {
		desc := prometheus.NewDesc(name, help, labels, nil)
		g.all = append(g.all, desc)
		return desc
	}
	g.spend = make("billbot_period_spend", "Cost of the billing period that the newest charge day falls in, to date, in the currency.", "account", "service", "currency")
	g.forecast = make("billbot_period_forecast", "What that billing period will cost in all, in the currency. Absent while nobody can say.", "account", "service", "currency")
	g.low = make("billbot_period_forecast_low", "Lower end of the band that holds the forecast's period four times in five.", "account", "currency")
	g.high = make("billbot_period_forecast_high", "Upper end of that band.", "account", "currency")
	g.daySpend = make("billbot_day_spend", "Cost of the newest charge day, in the currency.", "account", "service", "currency")
	g.usualSpend = make("billbot_usual_day_spend", "What a day usually costs, in the currency.", "account", "service", "currency")

	subject := []string{"account", "rule", "service", "zone", "period"}
	money, units := append(subject[:5:5], "currency"), append(subject[:5:5], "unit")
	g.budgetSpend = make("billbot_budget_spend", "What counts against a budget in its period, to date, in the currency.", money...)
	g.budgetLimit = make("billbot_budget_limit", "Amount of a budget, in the currency. Absent while there is none, as one made from earlier periods.", money...)
	g.budgetForecast = make("billbot_budget_forecast", "What will count against a budget in its period in all. Absent while nobody can say.", money...)
	g.quantityUsed = make("billbot_budget_quantity_used", "What counts against a budget of a quantity in its period, to date, in the unit.", units...)
	g.quantityLimit = make("billbot_budget_quantity_limit", "Quantity of a budget, in the unit.", units...)

	g.through = make("billbot_data_through_timestamp_seconds", "End of the newest charge day that is known. Absent while none is.", "account")
	g.trusted = make("billbot_last_trusted_poll_timestamp_seconds", "When a poll last brought something to believe. 0: never.", "account")
	g.polled = make("billbot_last_poll_timestamp_seconds", "When an account was last polled. 0: never.", "account")

	g.waiting = make("billbot_outbox_messages", "Messages that are not delivered: those that wait, and those that were given up.", "state")
	g.oldest = make("billbot_outbox_oldest_message_age_seconds", "Age of the oldest message that waits. 0: none does.")
	g.panics = make("billbot_panics_total", "Panics of a job, which went on at its next time.", "job")
	g.connected = make("billbot_slack_socket_connected", "Whether a socket to Slack is up. Absent where there is none to be.")
	g.turned = make("billbot_schedule_last_turn_timestamp_seconds", "When the schedule last ran a job.")
	g.readable = make("billbot_database_readable", "Whether the database could be read for this scrape.")
	g.databased = make("billbot_database_size_bytes", "Size of the database's file.")
	return g
}
