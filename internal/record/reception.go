package record

import (
	"encoding/json"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/fault"
	"aftercare/internal/flow"
)

var (
	_ core.RecordProxy = (*Visit)(nil)
	_ core.RecordProxy = (*Concern)(nil)
	_ core.RecordProxy = (*Template)(nil)
	_ core.RecordProxy = (*Inspection)(nil)
	_ core.RecordProxy = (*Finding)(nil)
	_ core.RecordProxy = (*DamageMark)(nil)
	_ core.RecordProxy = (*Photo)(nil)
	_ core.RecordProxy = (*Belonging)(nil)
	_ core.RecordProxy = (*KeyTag)(nil)
	_ core.RecordProxy = (*Policy)(nil)
)

// Visit is a row of visits 接车单.
type Visit struct{ row }

// AsVisit wraps a row of visits.
func AsVisit(rec *core.Record) *Visit { return &Visit{wrap(rec)} }

func (v *Visit) Number() string      { return v.GetString(FieldNumber) }
func (v *Visit) Vehicle() string     { return v.GetString(FieldVehicle) }
func (v *Visit) Customer() string    { return v.GetString(FieldCustomer) }
func (v *Visit) Policy() string      { return v.GetString(FieldPolicy) }
func (v *Visit) Advisor() string     { return v.GetString(FieldAdvisor) }
func (v *Visit) ArrivedAt() string   { return v.moment(FieldArrivedAt) }
func (v *Visit) ReceivedAt() string  { return v.moment(FieldReceivedAt) }
func (v *Visit) SetPolicy(id string) { v.Set(FieldPolicy, id) }
func (v *Visit) OdometerKm() int64   { return int64(v.GetInt(FieldOdometerKm)) }
func (v *Visit) EnergyLevel() int64  { return int64(v.GetInt(FieldEnergyLevel)) }
func (v *Visit) AnythingElse() string {
	return v.GetString(FieldAnythingElse)
}
func (v *Visit) CoversPieces() int64 { return int64(v.GetInt(FieldCoversPieces)) }
func (v *Visit) CoversRear() bool    { return v.GetBool(FieldCoversRear) }

// Facts is the visit as the guards see it.
func (v *Visit) Facts() *flow.Visit {
	return &flow.Visit{
		ID: v.Id, State: v.State(),
		AnythingElseAt:  v.moment(FieldAnythingElseAt),
		ValuablesExitAt: v.moment(FieldValuablesExitAt),
		ValuablesBootAt: v.moment(FieldValuablesBootAt),
		ValuablesEndAt:  v.moment(FieldValuablesEndAt),
		Storage:         v.GetString(FieldStorage),
		StorageBox:      v.GetString(FieldStorageBox),
		BelongingsAt:    v.moment(FieldBelongingsAt),
		ReceivedBy:      v.GetString(FieldReceivedBy),
		ReceivedAt:      v.moment(FieldReceivedAt),
		OldParts:        v.GetString(FieldOldParts),
		Wash:            v.GetString(FieldWash),
		PaymentMethod:   v.GetString(FieldPaymentMethod),
		CoversFittedAt:  v.moment(FieldCoversFittedAt),
		Vehicle:         v.Vehicle(), OdometerKm: v.OdometerKm(), ComebackOf: v.ComebackOf(),
	}
}

// Concern is a row of concerns 客户陈述.
type Concern struct{ row }

// AsConcern wraps a row of concerns.
func AsConcern(rec *core.Record) *Concern { return &Concern{wrap(rec)} }

func (c *Concern) Words() string       { return c.GetString(FieldWords) }
func (c *Concern) ConfirmedAt() string { return c.moment(FieldConfirmedAt) }

// Facts is the concern as the guards see it.
func (c *Concern) Facts() flow.Concern {
	return flow.Concern{ID: c.Id, Words: c.Words(), ConfirmedAt: c.ConfirmedAt(), IsFault: c.GetBool(FieldIsFault),
		Expert: c.GetString(FieldExpert), ExpertAt: c.moment(FieldExpertAt)}
}

// Template is a row of templates.
type Template struct{ row }

// AsTemplate wraps a row of templates.
func AsTemplate(rec *core.Record) *Template { return &Template{wrap(rec)} }

func (t *Template) Kind() string    { return t.GetString(FieldKind) }
func (t *Template) Revision() int64 { return int64(t.GetInt(FieldRevision)) }

// TemplateItem is one line of a checklist. Optional items may stay unanswered.
type TemplateItem struct {
	Code     string     `json:"code"`
	Title    fault.Text `json:"label"`
	Optional bool       `json:"optional"`
}

// Items of the template, in its order.
func (t *Template) Items() []TemplateItem {
	var items []TemplateItem
	_ = t.UnmarshalJSONField(FieldItems, &items) // shape is held when the template is created
	return items
}

// Required is the codes of the items that must be answered.
func (t *Template) Required() []string {
	codes := []string{}
	for _, item := range t.Items() {
		if !item.Optional {
			codes = append(codes, item.Code)
		}
	}
	return codes
}

// Inspection is a row of inspections: the walk-around 环车检查 of a visit, or a check of a vehicle or a thing.
type Inspection struct{ row }

// AsInspection wraps a row of inspections.
func AsInspection(rec *core.Record) *Inspection { return &Inspection{wrap(rec)} }

func (i *Inspection) Template() string            { return i.GetString(FieldTemplate) }
func (i *Inspection) Visit() string               { return i.GetString(FieldVisit) }
func (i *Inspection) CompletedAt() string         { return i.moment(FieldCompletedAt) }
func (i *Inspection) SetTemplateRevision(n int64) { i.Set(FieldTemplateRevision, n) }

// Finding is a row of findings.
type Finding struct{ row }

// AsFinding wraps a row of findings.
func AsFinding(rec *core.Record) *Finding { return &Finding{wrap(rec)} }

func (f *Finding) Visit() string      { return f.GetString(FieldVisit) }
func (f *Finding) Inspection() string { return f.GetString(FieldInspection) }
func (f *Finding) Item() string       { return f.GetString(FieldItem) }
func (f *Finding) Result() string     { return f.GetString(FieldResult) }
func (f *Finding) Level() int64       { return int64(f.GetInt(FieldLevel)) }
func (f *Finding) Note() string       { return f.GetString(FieldNote) }

// Facts is the finding as the guards see it.
func (f *Finding) Facts() flow.Finding { return flow.Finding{Item: f.Item(), Result: f.Result()} }

// DamageMark is a row of damage_marks; X and Y are 0 to 1 of the view.
type DamageMark struct{ row }

// AsDamageMark wraps a row of damage_marks.
func AsDamageMark(rec *core.Record) *DamageMark { return &DamageMark{wrap(rec)} }

func (m *DamageMark) View() string     { return m.GetString(FieldView) }
func (m *DamageMark) X() float64       { return m.GetFloat(FieldX) }
func (m *DamageMark) Y() float64       { return m.GetFloat(FieldY) }
func (m *DamageMark) Zone() string     { return m.GetString(FieldZone) }
func (m *DamageMark) Kind() string     { return m.GetString(FieldKind) }
func (m *DamageMark) Severity() string { return m.GetString(FieldSeverity) }
func (m *DamageMark) Note() string     { return m.GetString(FieldNote) }

// Photo is a row of photos; SHA256 is of the bytes the tablet sends.
type Photo struct{ row }

// AsPhoto wraps a row of photos.
func AsPhoto(rec *core.Record) *Photo { return &Photo{wrap(rec)} }

func (p *Photo) SHA256() string            { return p.GetString(FieldSHA256) }
func (p *Photo) Slot() string              { return p.GetString(FieldSlot) }
func (p *Photo) SubjectCollection() string { return p.GetString(FieldSubjectCollection) }
func (p *Photo) SubjectRecord() string     { return p.GetString(FieldSubjectRecord) }
func (p *Photo) StoredSHA256() string      { return p.GetString(FieldStoredSHA256) }
func (p *Photo) SetStoredSHA256(s string)  { p.Set(FieldStoredSHA256, s) }

// Counts says that the photo counts as evidence: whoever took it has sent it, or an agent who attached it has said why it counts (L-02).
func (p *Photo) Counts() bool {
	return p.GetString(FieldSource) == "" || p.GetString(FieldEvidenceReason) != ""
}

// SetEvidence writes who let the photo count, and when (UTC); both "" take it back.
func (p *Photo) SetEvidence(staff, utc string) {
	p.Set(FieldEvidenceBy, staff)
	p.Set(FieldEvidenceAt, utc)
}

// EvidenceReason is why an attached photo counts; "" while it does not.
func (p *Photo) EvidenceReason() string { return p.GetString(FieldEvidenceReason) }

func (p *Photo) Refusal() string        { return p.GetString(FieldRefusal) }
func (p *Photo) SetRefusal(code string) { p.Set(FieldRefusal, code) }

// Belonging is a row of belongings 随车物品.
type Belonging struct{ row }

// AsBelonging wraps a row of belongings.
func AsBelonging(rec *core.Record) *Belonging { return &Belonging{wrap(rec)} }

func (b *Belonging) Kind() string    { return b.GetString(FieldKind) }
func (b *Belonging) Name() string    { return b.GetString(FieldName) }
func (b *Belonging) Quantity() int64 { return int64(b.GetInt(FieldQuantity)) }
func (b *Belonging) Place() string   { return b.GetString(FieldPlace) }
func (b *Belonging) Note() string    { return b.GetString(FieldNote) }

// MovedAt is when it had to be moved for the work, zero when it was not touched; MovedBy the technician; MovedNote why
// and where to (W-07).
func (b *Belonging) MovedAt() time.Time { return Time(b.moment(FieldMovedAt)) }
func (b *Belonging) MovedBy() string    { return b.GetString(FieldMovedBy) }
func (b *Belonging) MovedNote() string  { return b.GetString(FieldMovedNote) }
func (b *Belonging) Visit() string      { return b.GetString(FieldVisit) }

// KeyTag is a row of key_tags.
type KeyTag struct{ row }

// AsKeyTag wraps a row of key_tags.
func AsKeyTag(rec *core.Record) *KeyTag { return &KeyTag{wrap(rec)} }

func (k *KeyTag) Tag() string  { return k.GetString(FieldTag) }
func (k *KeyTag) Hook() string { return k.GetString(FieldHook) }
func (k *KeyTag) Keys() int64  { return int64(k.GetInt(FieldKeys)) }

// Facts is the key tag as the guards see it.
func (k *KeyTag) Facts() flow.KeyTag {
	return flow.KeyTag{Tag: k.Tag(), HolderKind: k.GetString(FieldHolderKind), Holder: k.GetString(FieldHolder)}
}

// Policy is a row of policies.
type Policy struct{ row }

// AsPolicy wraps a row of policies.
func AsPolicy(rec *core.Record) *Policy { return &Policy{wrap(rec)} }

// Kind is what the policy is of.
func (p *Policy) Kind() string { return p.GetString(FieldKind) }

// Facts is the policy as the guards see it; what it leaves out has its shipped default.
func (p *Policy) Facts() flow.Policy {
	figures := flow.ShippedPolicy()
	_ = json.Unmarshal([]byte(p.GetString(FieldData)), &figures) // shape is held when the policy is created
	return figures
}
