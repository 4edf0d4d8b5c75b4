# A claim that nobody has worded.
DELETE { :party rdfs:label ?any } WHERE { :party rdfs:label ?any }
