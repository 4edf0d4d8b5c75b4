# A citation that stands nowhere.
DELETE { :citation trt:inPassage ?any } WHERE { :citation trt:inPassage ?any }
