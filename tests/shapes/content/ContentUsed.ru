# A plan of nobody.
DELETE { :aim rdf:object ?any } WHERE { :aim rdf:object ?any }
