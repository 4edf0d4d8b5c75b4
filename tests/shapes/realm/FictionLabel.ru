# A thing without a label.
DELETE { :one rdfs:label ?any } WHERE { :one rdfs:label ?any }
