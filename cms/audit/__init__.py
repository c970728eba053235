"""The audit trail: who did what, when, from where; appended, chained, and verifiable without the product."""
