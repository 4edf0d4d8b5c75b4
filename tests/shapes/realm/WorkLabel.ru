# A work without a label.
DELETE { :work rdfs:label ?any } WHERE { :work rdfs:label ?any }
