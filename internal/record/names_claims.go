package record

// Collections of the claims.
const (
	Holidays = "holidays"
)

// Their fields.
const (
	FieldYear       = "year"
	FieldDaysOff    = "days_off"
	FieldMakeupDays = "makeup_days"
)
