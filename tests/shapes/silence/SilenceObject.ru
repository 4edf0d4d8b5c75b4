# A silence with a value: a false certainty.
INSERT DATA { :place rdf:object :one }
