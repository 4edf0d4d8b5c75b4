# A claim without a value.
DELETE { :party rdf:object ?any } WHERE { :party rdf:object ?any }
