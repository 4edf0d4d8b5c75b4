# A conflict without a label.
DELETE { :conflict rdfs:label ?any } WHERE { :conflict rdfs:label ?any }
