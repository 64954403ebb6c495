"use strict";
// Last, when every table and chart is known: fold the parts, and go where the address leads.
begin();
