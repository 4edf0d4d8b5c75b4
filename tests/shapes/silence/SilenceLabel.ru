# A silence that nobody has worded.
DELETE { :place rdfs:label ?any } WHERE { :place rdfs:label ?any }
