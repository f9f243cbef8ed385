// Package focus reads and writes bills as FOCUS files: CSV with the columns of
// the FinOps Open Cost and Usage Specification 1.x, as AWS, Google, Microsoft,
// Oracle and others export them, plain or gzip.
//
// FOCUS has a row for each resource and hour; billbot keeps days. Rows of one
// day that differ in nothing that a [fetcher.Charge] has are one charge here, to
// the last digit. What a charge costs is its BilledCost, what will be on the
// invoice; a file without that column has ContractedCost.
//
// The columns that FOCUS has not (zones, and the running sums of Cloudflare's
// bills) are written with an x_ before their names, as the specification has it,
// so that a file that [Write] wrote is read as the same charges.
//
// The specification is at focus.finops.org.
package focus
