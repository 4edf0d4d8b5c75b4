# A data set that nobody has described.
DELETE { :dataset dcterms:description ?any } WHERE { :dataset dcterms:description ?any }
