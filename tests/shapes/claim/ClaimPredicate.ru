# A claim without a property.
DELETE { :party rdf:predicate ?any } WHERE { :party rdf:predicate ?any }
