package importer

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/tools/types"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/unicode/norm"

	"aftercare/internal/fault"
	"aftercare/internal/flow"
	"aftercare/internal/record"
)

// clean is a cell as a person meant it: full-width letters made plain, no blanks around it, no control characters.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == '\u200b' || r == '\ufeff' || (r < ' ' && r != '\n' && r != '\t') {
			return -1
		}
		return r
	}, norm.NFKC.String(s))
	return strings.TrimSpace(s)
}

func invalid(code, value string) *fault.Fault {
	if r := []rune(value); len(r) > 60 {
		value = string(r[:60]) + "…"
	}
	return fault.New(fault.Invalid, code).With("value", value)
}

// parseVIN: V-06, 17 characters without I, O and Q; a wrong check digit only warns (European makers leave it out).
func parseVIN(s string) (vin string, warning, refusal *fault.Fault) {
	vin = strings.NewReplacer(" ", "", "-", "").Replace(strings.ToUpper(s))
	if !flow.Table().ByCollection(record.Vehicles).Fields[record.FieldVIN].Pattern.Matches(vin) {
		return "", nil, invalid("import.vin", s)
	}
	if want := CheckDigit(vin); want != vin[8] {
		warning = invalid("import.vin_check_digit", vin).With("digit", string(want))
	}
	return vin, warning, nil
}

const vinWeights = "8765432X098765432"

// CheckDigit is what stands at the ninth place of a VIN whose other sixteen characters are these (ISO 3779 as used in
// North America and China, GB 16735). The VIN must be well formed.
func CheckDigit(vin string) byte {
	sum := 0
	for i := range 17 {
		weight := 10
		if c := vinWeights[i]; c != 'X' {
			weight = int(c - '0')
		}
		sum += vinValue(vin[i]) * weight
	}
	if sum%11 == 10 {
		return 'X'
	}
	return byte('0' + sum%11)
}

func vinValue(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'A' && c <= 'H':
		return int(c-'A') + 1
	case c >= 'J' && c <= 'R':
		return int(c-'J') + 1
	case c >= 'S' && c <= 'Z':
		return int(c-'S') + 2
	}
	return 0
}

// Number plates, GA 36: province, office letter, then five characters (fuel; the last may say what the car is for) or
// six (new energy: the letter at one end). I and O are never used.
var (
	provinces   = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
	platePlain  = regexp.MustCompile(`^[` + provinces + `][A-HJ-NP-Z](?:[A-HJ-NP-Z0-9]{5}|[A-HJ-NP-Z0-9]{4}[学警挂港澳使领]|[A-HJK][A-HJ-NP-Z0-9][0-9]{4}|[0-9]{5}[A-HJK])$`)
	plateLooks  = regexp.MustCompile(`^[` + provinces + `]`)
	plateOdd    = regexp.MustCompile(`^[\p{Han}A-Z0-9]{4,12}$`)
	plateNoise  = strings.NewReplacer(" ", "", "·", "", "・", "", "•", "", ".", "", "-", "", "_", "")
	plateEnergy = regexp.MustCompile(`^..(?:([A-HJK])[A-HJ-NP-Z0-9][0-9]{4}|[0-9]{5}([A-HJK]))$`)
)

// parsePlate: a plate that begins as a Chinese one must be whole; foreign, military and old ones are kept as written,
// with a warning.
func parsePlate(s string) (plate string, warning, refusal *fault.Fault) {
	plate = plateNoise.Replace(strings.ToUpper(s))
	switch {
	case platePlain.MatchString(plate):
		return plate, nil, nil
	case plateLooks.MatchString(plate) || !plateOdd.MatchString(plate):
		return "", nil, invalid("import.plate", s)
	}
	return plate, invalid("import.plate_unknown", plate), nil
}

// energyOf is what a green plate says of the car: letters to E are battery only. "" for other plates.
func energyOf(plate string) string {
	m := plateEnergy.FindStringSubmatch(plate)
	if m == nil || len([]rune(plate)) != 8 {
		return ""
	}
	if m[1]+m[2] <= "E" {
		return "electric"
	}
	return "hybrid"
}

var (
	mobile   = regexp.MustCompile(`^1[3-9][0-9]{9}$`)
	landline = regexp.MustCompile(`^(?:0[0-9]{2,3}-?)?[2-9][0-9]{6,7}(?:-[0-9]{1,5})?$`)
	service  = regexp.MustCompile(`^(?:400|800)[0-9]{7}$`)
	abroad   = regexp.MustCompile(`^\+[1-9][0-9]{7,14}$`)
	spelling = strings.NewReplacer(" ", "", "(", "", ")", "", "转", "-", "ext", "-", "_", "-", "—", "-", "–", "-")
)

// parsePhone accepts mainland mobiles and landlines, service numbers, and numbers from abroad with their "+".
func parsePhone(s string) (string, *fault.Fault) {
	p := spelling.Replace(wholeNumber(s))
	p = strings.TrimPrefix(strings.TrimPrefix(p, "+86"), "0086")
	p = strings.TrimPrefix(p, "-")
	if digits := strings.ReplaceAll(p, "-", ""); mobile.MatchString(digits) || service.MatchString(digits) {
		return digits, nil
	}
	if landline.MatchString(p) || abroad.MatchString(p) {
		return p, nil
	}
	return "", invalid("import.phone", s)
}

// parsePhones splits a cell that holds several.
func parsePhones(s string) (all []string, refusal *fault.Fault) {
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(",;、/|\n", r) }) {
		p, refusal := parsePhone(strings.TrimSpace(part))
		if refusal != nil {
			return nil, refusal
		}
		all = append(all, p)
	}
	return all, nil
}

// wholeNumber undoes what Excel does to long numbers: "1.3800138E+10", "13800138000.0".
func wholeNumber(s string) string {
	if !strings.ContainsAny(s, "eE.") {
		return s
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f < 0 || f > 1e15 || f != math.Trunc(f) {
		return s
	}
	return strconv.FormatInt(int64(f), 10)
}

var dateForms = []string{"2006-1-2", "2006/1/2", "2006.1.2", "2006年1月2日", "20060102", "2006-1-2 15:04:05", "2006/1/2 15:04:05",
	"2006-1-2 15:04", "2006/1/2 15:04", time.RFC3339, "2006年1月", "2006-1", "2006/1"}

// parseDate reads a day; it is stored as that day's midnight UTC, as a day has no zone. Years 1950 to 2100.
func parseDate(s string) (types.DateTime, *fault.Fault) {
	var day time.Time
	if n, err := strconv.ParseFloat(s, 64); err == nil && n > 18264 && n < 73051 { // Excel's count of days, 1950 to 2100
		if day, err = excelize.ExcelDateToTime(n, false); err != nil {
			return types.DateTime{}, invalid("import.date", s)
		}
	} else {
		for _, form := range dateForms {
			if t, err := time.Parse(form, s); err == nil {
				day = t
				break
			}
		}
	}
	if day.Year() < 1950 || day.Year() > 2100 {
		return types.DateTime{}, invalid("import.date", s)
	}
	at, err := types.ParseDateTime(time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC))
	if err != nil {
		return types.DateTime{}, invalid("import.date", s)
	}
	return at, nil
}

var number = regexp.MustCompile(`^([0-9]{1,3}(?:[, ]?[0-9]{3})*|[0-9]+)(\.[0-9]+)?(万)?(?:km|公里|千米)?$`)

// parseKm reads kilometres: "86,543", "86543 km", "8.6万公里".
func parseKm(s string) (int64, *fault.Fault) {
	m := number.FindStringSubmatch(strings.ReplaceAll(strings.ToLower(wholeNumber(s)), " ", ""))
	if m == nil {
		return 0, invalid("import.number", s)
	}
	f, err := strconv.ParseFloat(strings.ReplaceAll(m[1], ",", "")+m[2], 64)
	if err != nil {
		return 0, invalid("import.number", s)
	}
	if m[3] != "" {
		f *= 10_000
	}
	if f > 9_999_999 {
		return 0, invalid("import.odometer", s)
	}
	return int64(math.Round(f)), nil
}

// parseYear reads a model year: "2021", "2021款".
func parseYear(s string) (int64, *fault.Fault) {
	n, err := strconv.ParseInt(strings.TrimRight(wholeNumber(s), "款年"), 10, 64)
	if err != nil || n < 1950 || n > 2100 {
		return 0, invalid("import.year", s)
	}
	return n, nil
}
