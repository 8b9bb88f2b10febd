package push

// SetSteps puts the steps of a test in the place of the released ones, before the first push.
func (e *Engine) SetSteps(steps []Step) { e.steps = steps }

// Released are the steps of our releases.
var Released = released
