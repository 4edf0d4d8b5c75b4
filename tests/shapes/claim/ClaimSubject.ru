# A claim about two things.
INSERT DATA { :party rdf:subject :treaty }
