package main

// plan is the one table of what has to be shown. Numbers are those of the test
// plan; lines for several replicas, 14 and 15, are not in it, as there is one
// billbot to a database.
var plan = []line{
	{1, "Delivery", "kill -9 while notifying a Slack that is slow to accept and loses answers: nothing lost, nothing twice where the history can be read, at most one repeat a kill where not, nothing out of order, the database clean after each of 300 kills", 12, true, []proof{
		{"cmd/billbot", "TestKilledAnywhere/history", [2]string{"kills>=200 lost<=0 duplicates<=0 inversions<=0 damaged<=0", "kills>=1000 lost<=0 duplicates<=0 inversions<=0 damaged<=0"}},
		{"cmd/billbot", "TestKilledAnywhere/no_history", [2]string{"kills>=100 lost<=0 duplicates<=100 inversions<=0 damaged<=0", "kills>=300 lost<=0 duplicates<=300 inversions<=0 damaged<=0"}},
	}, ""},
	{2, "Delivery", "10,000 messages that are accepted and whose answers are lost, in nine ways: none lost, none twice where the history can be read, at most one repeat each that says so where not", 5, false, []proof{
		{"cmd/billbot", "TestThousandsOfLostAnswers/history", [2]string{"messages>=10000 answers>=10000 lost<=0 duplicates<=0", "messages>=50000 answers>=50000 lost<=0 duplicates<=0"}},
		{"cmd/billbot", "TestThousandsOfLostAnswers/no_history", [2]string{"messages>=2000 answers>=2000 lost<=0 most<=1", "messages>=10000 answers>=10000 lost<=0 most<=1"}},
	}, ""},
	{3, "Delivery", "500 alerts, 300 of them at once, while Slack asks to wait: digests, at most one message a second and 20 an hour in a channel, nothing lost", 4, false, []proof{
		{"cmd/billbot", "TestFloodWhileSlackAsksToWait", same("alerts>=500 lost<=0 hasty<=0 crowded<=0 digests>=3")},
	}, ""},
	{4, "Delivery", "Slack down for 8 and for 72 hours: one digest a channel when it is back, old messages as things are now, nothing lost, what was given up is listed", 3, false, []proof{
		{"cmd/billbot", "TestSlackIsDownForDays/8_h", same("hours>=8 alerts>=48 lost<=0 digests>=1 digests<=1 others<=3 stale<=0")},
		{"cmd/billbot", "TestSlackIsDownForDays/72_h", same("hours>=72 alerts>=48 lost<=0 digests>=1 digests<=1 others<=3 stale<=0")},
	}, ""},
	{5, "Delivery", "a token revoked for 24 hours", 2, false, nil, "a day of it, and a reload"},
	{6, "Truth", "every wrong answer of Cloudflare's, 45 at least, while alerts are open and while none is: none ends, fires or is owed less, and each is known for what it is", 12, true, []proof{
		{"cmd/billbot", "TestFaultsChangeNothing/quiet", same("answers>=45 changed<=0 misjudged<=0")},
		{"cmd/billbot", "TestFaultsChangeNothing/firing", same("answers>=45 changed<=0 misjudged<=0")},
	}, ""},
	{7, "Truth", "20,000 random steps of bills, rules, restarts and clocks against a simple model: what is owed, which budgets are over, and what Slack was told never differ", 8, false, []proof{
		{"cmd/billbot", "TestMachine", [2]string{"steps>=20000 divergences<=0", "steps>=1000000 divergences<=0"}},
	}, ""},
	{8, "Truth", "an account that cannot be read: one message, edited when data is back, and a summary that says so", 2, false, []proof{
		{"cmd/billbot", "TestDarkAccount", same("messages>=1 messages<=1")},
		{"cmd/billbot", "TestSummaryOfADarkAccount", same("said>=1 said<=1")},
	}, ""},
	{9, "Time", "every zone, every change of its clocks 2024 to 2030, leap days, jumps of 26 hours, a restart in every minute of a day: one summary a date", 5, false, []proof{
		{"cmd/billbot", "TestSummaryOncePerLocalDate", same("zones>=500 changes>=1000")},
		{"cmd/billbot", "TestSummaryThroughJumpsAndRestarts", same("jumps>=100")},
		{"cmd/billbot", "TestSummaryThroughRestarts", same("restarts>=1380 summaries>=1 summaries<=1")},
	}, ""},
	{10, "Time", "the turn of billing periods from the 1st, 28th to 31st, to the second", 2, false, []proof{
		{"fetcher", "TestRollovers", same("moments>=700 wrong<=0")},
	}, ""},
	{11, "Store", "each operation of the store fails once, before it, at the write, and after it is on disk, in 21 stories from poll to Slack; full and read-only disks: people see in the end what they see where nothing fails, without a restart", 6, true, []proof{
		{"cmd/billbot", "TestNthOperationFails", same("stories>=21 operations>=1500 wrong<=0")},
		{"store", "TestFullDisk", same("full>=1")},
		{"store", "TestReadOnlyFolder", same("readonly>=1")},
	}, ""},
	{12, "Store", "600 spoiled files, and what power failures leave of 50 commits: no wrong value is used", 5, false, []proof{
		{"store", "TestCorruptFiles", same("images>=600")},
		{"store", "TestCrashImages", same("commits>=50 crashes>=350 wrong<=0")},
	}, ""},
	{13, "Store", "a second billbot is refused within three seconds and sends nothing; a file that is taken away is noticed; a newer schema is left alone", 2, false, []proof{
		{"cmd/billbot", "TestSecondDaemonIsRefusedInTime", same("seconds<=3 messages<=0")},
		{"store", "TestLostFile", same("lost>=5")},
		{"store", "TestOpenRefuses", same("refused>=1")},
	}, ""},
	{16, "Security", "forged requests to every address, 40 kinds at least and 150,000 by chance: none passes; one that Slack signed passes once", 4, true, []proof{
		{"notifier/slack", "TestForgedRequests", [2]string{"kinds>=120 forged>=150000 accepted<=0 done<=0", "kinds>=120 forged>=6000000 accepted<=0 done<=0"}},
		{"notifier/slack", "TestARequestPassesOnce", same("passed>=1 passed<=1")},
	}, ""},
	{17, "Security", "secrets that sides repeat are in no output, answer, message or file", 4, true, []proof{
		{"cmd/billbot", "TestNoSecretComesOut", same("secrets>=7 found<=0")},
	}, ""},
	{18, "Security", "200,000 hostile names mean nothing to Slack", 2, false, []proof{
		{"notifier/slack", "TestNamesByChanceAreLiteral", [2]string{"names>=200000", "names>=5000000"}},
	}, ""},
	{19, "Security", "40 private addresses, and names that lead elsewhere the second time: no connection", 2, false, []proof{
		{"notifier/outbound", "TestAddresses", same("addresses>=40")},
		{"notifier/outbound", "TestNothingPrivateIsReached", same("connections<=0")},
		{"notifier/outbound", "TestRebinding", same("connections<=0")},
	}, ""},
	{20, "Config", "rules files that are bombs are refused within 100 ms", 2, false, []proof{
		{"rules", "TestLoadBombsCostNothing", same("bombs>=10 milliseconds<=100")},
	}, ""},
	{21, "Config", "1,000 good and bad edits of the rules, each reloaded while billbot polls and delivers: a good one is in force at once, a bad one never, no poll fails and nothing is told anew", 2, false, []proof{
		{"cmd/billbot", "TestEachEditIsReloaded", [2]string{"edits>=1000 wrong>=250 missed<=0 polls>=20 failed<=0 messages<=0", "edits>=10000 wrong>=2500 missed<=0 polls>=20 failed<=0 messages<=0"}},
	}, ""},
	{22, "Hygiene", "the race detector three times over, leaks in every package, shuffled tests", 3, false, nil, "what runs before a commit is taken is not measured here, leaks are looked for in all packages but cmd/billbot, and tests of concurrency do not run twenty times"},
	{23, "Hygiene", "three minutes with a tenth of everything failing: memory and goroutines stay", 2, false, nil, "a soak"},
	{24, "Hygiene", "SIGTERM under load, 200 times: it ends within eight seconds, nothing is lost or told twice, the database is clean", 2, false, []proof{
		{"cmd/billbot", "TestStoppedAnywhere", [2]string{"stops>=200 seconds<=8 lost<=0 duplicates<=0 inversions<=0 damaged<=0", "stops>=1000 seconds<=8 lost<=0 duplicates<=0 inversions<=0 damaged<=0"}},
	}, ""},
}
