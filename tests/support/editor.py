"""What an editor with the JSON schema of scenarios does: made once, because that takes seconds."""

import jsonschema

from sim.scenario.json_schema import scenario_schema

SCHEMA = jsonschema.Draft202012Validator(scenario_schema())
