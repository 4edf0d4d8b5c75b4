# A silence on no property.
DELETE { :place rdf:predicate ?any } WHERE { :place rdf:predicate ?any }
