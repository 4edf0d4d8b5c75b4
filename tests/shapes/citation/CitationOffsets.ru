# A citation that ends before it begins.
DELETE { :citation oa:end ?any } INSERT { :citation oa:end 5 } WHERE { :citation oa:end ?any }
