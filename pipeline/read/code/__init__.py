"""Source code: archives of repositories, their licences, notebooks."""
