// Property tests take the same course in every run and stop at the first failure: who noticed is all that is asked.
import fc from "fast-check";

fc.configureGlobal({ seed: 20_261_121, endOnFailure: true });
