# A data set without a title.
DELETE { :dataset dcterms:title ?any } WHERE { :dataset dcterms:title ?any }
