#!/usr/bin/env node
import '../../bootstrap/remitflow.mjs';
