"use strict";
// Runs last, when every table and chart is known: folds the parts, and goes where the address leads.
begin();
