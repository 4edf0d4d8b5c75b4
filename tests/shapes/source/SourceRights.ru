# A source whose rights nobody has looked up.
DELETE { :source dcterms:rights ?any } WHERE { :source dcterms:rights ?any }
