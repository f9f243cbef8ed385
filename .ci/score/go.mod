module github.com/billbot/billbot/score

go 1.26.8
