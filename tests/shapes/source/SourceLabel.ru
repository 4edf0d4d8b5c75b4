# A source without a name.
DELETE { :source rdfs:label ?any } WHERE { :source rdfs:label ?any }
