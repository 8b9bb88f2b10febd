package record

import (
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/flow"
)

var (
	_ core.RecordProxy = (*Shop)(nil)
	_ core.RecordProxy = (*Member)(nil)
	_ core.RecordProxy = (*Customer)(nil)
	_ core.RecordProxy = (*Device)(nil)
	_ core.RecordProxy = (*Vehicle)(nil)
)

// Shop is a row of shops 门店.
type Shop struct{ row }

// AsShop wraps a row of shops.
func AsShop(rec *core.Record) *Shop { return &Shop{wrap(rec)} }

func (s *Shop) Name() string { return s.GetString(FieldName) }
func (s *Shop) Code() string { return s.GetString(FieldCode) }

// Member is a row of staff 员工.
type Member struct{ row }

// AsMember wraps a row of staff.
func AsMember(rec *core.Record) *Member { return &Member{wrap(rec)} }

func (m *Member) Name() string    { return m.GetString(FieldName) }
func (m *Member) Roles() []string { return m.GetStringSlice(FieldRoles) }
func (m *Member) Skill() int      { return m.GetInt(FieldSkill) }
func (m *Member) Active() bool    { return m.GetBool(FieldActive) }

// Facts is the member of staff as the guards see them.
func (m *Member) Facts() flow.Person {
	return flow.Person{ID: m.Id, Name: m.Name(), Roles: m.Roles(), Skill: m.Skill()}
}

// Customer is a row of customers 客户.
type Customer struct{ row }

// AsCustomer wraps a row of customers.
func AsCustomer(rec *core.Record) *Customer { return &Customer{wrap(rec)} }

func (c *Customer) Name() string  { return c.GetString(FieldName) }
func (c *Customer) Title() string { return c.GetString(FieldTitle) }
func (c *Customer) Phone() string { return c.GetString(FieldPhone) }

// PreferredChannel is phone, sms, wechat, mail or nothing (V-02).
func (c *Customer) PreferredChannel() string { return c.GetString(FieldPreferredChannel) }

// MemberLevel is the level 会员等级 in the shop's own words, "" for none.
func (c *Customer) MemberLevel() string { return c.GetString(FieldMemberLevel) }

// Device is a row of devices: one installation of the app in one user's hands.
type Device struct{ row }

// AsDevice wraps a row of devices.
func AsDevice(rec *core.Record) *Device { return &Device{wrap(rec)} }

func (d *Device) User() string           { return d.GetString(FieldUser) }
func (d *Device) SetUser(id string)      { d.Set(FieldUser, id) }
func (d *Device) UserKind() string       { return d.GetString(FieldUserKind) }
func (d *Device) SetUserKind(s string)   { d.Set(FieldUserKind, s) }
func (d *Device) Letter() string         { return d.GetString(FieldLetter) }
func (d *Device) SetLetter(s string)     { d.Set(FieldLetter, s) }
func (d *Device) Tablet() string         { return d.GetString(FieldTablet) }
func (d *Device) SetTablet(id string)    { d.Set(FieldTablet, id) }
func (d *Device) App() string            { return d.GetString(FieldApp) }
func (d *Device) SetApp(version string)  { d.Set(FieldApp, version) }
func (d *Device) Revoked() bool          { return d.GetBool(FieldRevoked) }
func (d *Device) LastSeen() string       { return d.moment(FieldLastSeen) }
func (d *Device) SetLastSeen(utc string) { d.Set(FieldLastSeen, utc) }

// Vehicle is a row of vehicles 车辆.
type Vehicle struct{ row }

// AsVehicle wraps a row of vehicles.
func AsVehicle(rec *core.Record) *Vehicle { return &Vehicle{wrap(rec)} }

func (v *Vehicle) Plate() string    { return v.GetString(FieldPlate) }
func (v *Vehicle) VIN() string      { return v.GetString(FieldVIN) }
func (v *Vehicle) Make() string     { return v.GetString(FieldMake) }
func (v *Vehicle) Model() string    { return v.GetString(FieldModel) }
func (v *Vehicle) Customer() string { return v.GetString(FieldCustomer) }
