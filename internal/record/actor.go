// Package record names the collections and fields, reads and writes rows through typed proxies, and carries who
// acts from a door to the rules. It promises that no field name is spelled twice in the code: hooks, push and pull
// use its constants and proxies. It asks no rule; the rows it creates on behalf of others go through every hook.
package record

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/flow"
)

// Kinds of Actor.
const (
	KindStaff     = "staff"
	KindCustomer  = "customer"
	KindSuperuser = "superuser"
	KindSystem    = "system"
)

// Doors a write comes through. They are for the log; no rule asks for them.
const (
	DoorPush   = "push"
	DoorREST   = "rest"
	DoorImport = "import"
	DoorRoute  = "route"
	DoorServer = "server"
)

// Roles that are not in a member of staff's list.
const (
	RoleSystem     = "system"    // derived fields and the transitions the table gives to "system"
	RoleSuperuser  = "superuser" // holds every role of the table
	RoleCustomer   = "customer"  // reads only
	RoleManager    = "manager"   // of the shop
	RoleHeadOffice = "head_office"
	RoleLeader     = "leader" // 班组长
)

// Actor is who writes, and what the rules may know about the act. At is when it happened by the tablet's clock
// (UTC; zero: now). Seen is the log sequence this device had certainly received when it acted (0: unknown).
type Actor struct {
	Kind     string
	ID       string
	Name     string
	Shop     string
	Roles    []string
	Skill    int
	Device   string
	Door     string
	At       time.Time
	Seen     int64
	Mutation string
}

// System is the server itself, acting for a shop: verification of photos, schedulers, conflicts, corrections.
func System(shop string) Actor {
	return Actor{Kind: KindSystem, Name: "system", Shop: shop, Roles: []string{RoleSystem}, Door: DoorServer}
}

// Superuser is someone in the admin screens or a program with a superuser's token. Every rule applies to them.
func Superuser(id, name, door string) Actor {
	return Actor{Kind: KindSuperuser, ID: id, Name: name, Roles: []string{RoleSuperuser}, Door: door}
}

// FromAuth is the actor behind a signed-in record. No record, or staff who no longer work here: false.
func FromAuth(auth *core.Record, door string) (Actor, bool) {
	switch {
	case auth == nil:
		return Actor{}, false
	case auth.IsSuperuser():
		return Superuser(auth.Id, auth.Email(), door), true
	case auth.Collection().Name == Staff:
		m := AsMember(auth)
		return Actor{Kind: KindStaff, ID: auth.Id, Name: m.Name(), Shop: m.Shop(), Roles: m.Roles(), Skill: m.Skill(),
			Door: door}, m.Active()
	case auth.Collection().Name == Customers:
		c := AsCustomer(auth)
		return Actor{Kind: KindCustomer, ID: auth.Id, Name: c.Name(), Shop: c.Shop(), Roles: []string{RoleCustomer},
			Door: door}, true
	}
	return Actor{}, false
}

// Is reports whether the actor holds the role; a superuser holds every role but "system".
func (a Actor) Is(role string) bool {
	if slices.Contains(a.Roles, RoleSuperuser) {
		return role != RoleSystem && role != RoleCustomer
	}
	return slices.Contains(a.Roles, role)
}

// System reports whether this is the server itself, which alone may set derived fields.
func (a Actor) System() bool { return a.Kind == KindSystem }

// AllShops reports whether the actor works in every shop.
func (a Actor) AllShops() bool {
	return a.Kind == KindSuperuser || (a.Kind == KindSystem && a.Shop == "") || a.Is(RoleHeadOffice)
}

// Flow is the actor as the guards see it.
func (a Actor) Flow() flow.Actor {
	return flow.Actor{ID: a.ID, Name: a.Name, Roles: a.Roles, Skill: a.Skill}
}

type actorKey struct{}

// WithActor says who acts for every save made with the context.
func WithActor(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// ActorOf returns the actor of the context.
func ActorOf(ctx context.Context) (Actor, bool) {
	a, ok := ctx.Value(actorKey{}).(Actor)
	return a, ok
}

// handed holds the actors of rows that PocketBase's own API is saving right now: it saves with an empty context, so
// the request hook hands the actor over by the row itself.
var handed sync.Map // *core.Record → Actor

// Hand gives the row's next save to the actor. The caller must call release when the request is over.
func Hand(rec *core.Record, a Actor) (release func()) {
	handed.Store(rec, a)
	return func() { handed.Delete(rec) }
}

// ActorFor is who saves the row: the context's actor, else the one handed over with the row, else the server's own
// code without a person, which is treated like a superuser: every rule applies, nobody is named.
func ActorFor(ctx context.Context, rec *core.Record) Actor {
	if a, ok := ActorOf(ctx); ok {
		return a
	}
	if a, ok := handed.Load(rec); ok {
		return a.(Actor)
	}
	return Superuser("", "", DoorServer)
}

type readKey struct{}

// WithRead says that the row was read in the very transaction that saves it, and that nobody has written it since: what
// it was loaded with is how it stands. Such a row is saved without PocketBase's validation: the rules' hook validates what
// the save changes.
func WithRead(ctx context.Context, rec *core.Record) context.Context {
	return context.WithValue(ctx, readKey{}, rec)
}

// JustRead reports whether the context says so of this row.
func JustRead(ctx context.Context, rec *core.Record) bool {
	read, ok := ctx.Value(readKey{}).(*core.Record)
	return ok && read == rec
}
