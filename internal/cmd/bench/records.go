package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// total is the number of records of the comparison.
const total = 10_000

// vocabulary is what half of a record is made of.
var vocabulary = strings.Fields(`abrasion adapter airbag alignment alternator antenna axle balance battery bearing belt
bleeding body bolt bonnet boot brake bracket bulb bumper bush cable calibration caliper camera cap carpet catalyst chain
charge charger chassis check clamp clean climate clip clutch coil compressor condenser connector console control coolant
corrosion cover crack cushion customer cylinder damage damper dashboard dent diagnosis differential disc door drain drive
dust electric engine evaporator exhaust fan fastener filter fitting flange fluid flush foam frame front fuel fuse gasket
gauge gear glass glove grease grille grip guide handle harness headlamp heater hinge hose hub idle ignition injector
inspection inverter joint key kit knuckle lamp latch leak left level lever lining lock loose lubricate manifold mirror
module motor mount noise nozzle oil outlet paint panel pedal pipe piston plug polish pressure pump radiator rattle rear
relay repair replace reservoir right rotor rubber scratch seal seat sensor shaft shim software spring starter steering
strap strut sump switch tank tappet tensioner terminal test thermostat throttle timing torque tread trim turbine tyre
update vacuum valve vibration washer water wear wheel window wiper wiring wobble`)

// makes, models and colours are few in any workshop.
var (
	makes   = []string{"Volkswagen", "Toyota", "Geely", "BYD", "Chery", "Wuling", "Hongqi", "Audi"}
	models  = []string{"Passat Estate", "Corolla Cross", "Xingyue L", "Seal Champion", "Tiggo Eight", "Hongguang", "Quadrafoil", "Q5 Sportback"}
	colours = []string{"pearl white", "graphite grey", "racing green", "signal red", "night black"}
)

// one is one record: the values of its 12 fields, by name. Some 480 bytes as JSON, half of the values' bytes words and
// half random (hexadecimal digits, like chassis numbers and keys of other systems, and odometers).
type one struct {
	id     string
	values map[string]any
}

// fields are the twelve, all of which our vehicles have room for.
var fields = []string{"plate", "vin", "make", "model", "model_year", "engine_no", "colour", "odometer_km", "service_interval_km",
	"next_service_km", "note", "external_id"}

// numeric fields among them.
var numeric = map[string]bool{"model_year": true, "odometer_km": true, "service_interval_km": true, "next_service_km": true}

// generate makes the first n records of a row that is always the same.
func generate(n int) []one {
	chance := rand.New(rand.NewPCG(20261121, 12))
	records := make([]one, n)
	for i := range records {
		records[i] = one{id: identifier(chance), values: map[string]any{
			"plate": "A" + digits(chance, 6), "vin": strings.ToUpper(digits(chance, 17)), "engine_no": digits(chance, 36), "external_id": digits(chance, 76),
			"make": pick(chance, makes), "model": pick(chance, models), "colour": pick(chance, colours), "note": sentence(chance, 122),
			"model_year": 1990 + chance.IntN(37), "odometer_km": chance.IntN(400_000), "service_interval_km": 5_000 + chance.IntN(25_000),
			"next_service_km": chance.IntN(400_000),
		}}
	}
	return records
}

func pick(chance *rand.Rand, from []string) string { return from[chance.IntN(len(from))] }

func digits(chance *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = "0123456789abcdef"[chance.IntN(16)]
	}
	return string(b)
}

const letters = "abcdefghijklmnopqrstuvwxyz0123456789"

// identifier is an id as both sides mint them.
func identifier(chance *rand.Rand) string {
	b := make([]byte, 15)
	for i := range b {
		b[i] = letters[chance.IntN(len(letters))]
	}
	return string(b)
}

// sentence is words of about so many bytes.
func sentence(chance *rand.Rand, bytes int) string {
	var b strings.Builder
	for b.Len() < bytes {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(pick(chance, vocabulary))
	}
	return b.String()
}

// serial is the id that the n-th thing of a kind gets.
func serial(kind string, n int) string { return fmt.Sprintf("%s%0*d", kind, 15-len(kind), n) }
